import type { Role } from '../iam/model.js';
import type { Organization } from '../organizations/organization.js';
import type { Requests } from './requests.js';

/** A person in the identity store. */
export type DirectoryUser = { readonly id: string; readonly userName: string; readonly displayName: string };

/** What a permission set was when it was last copied into an account. */
export type Provisioned = { readonly role: Role; readonly version: number };

/** A permission set; accounts get what it says only when it is provisioned there. */
export type PermissionSet = {
  readonly arn: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly sessionSeconds: number;
  readonly managedPolicyArns: readonly string[];
  inlinePolicy: string | undefined;
  /** Grows with each change of the policies. */
  version: number;
  /** Its role in each account, by account id. */
  readonly provisioned: Map<string, Provisioned>;
};

/** A person's right to a permission set in an account. */
export type Assignment = { readonly permissionSet: PermissionSet; readonly accountId: string; readonly user: DirectoryUser };

/** The organization's instance of IAM Identity Center with its identity store. */
export interface IdentityCenter {
  readonly instanceArn: string;
  readonly identityStoreId: string;
  readonly region: string;
  readonly createdAt: number;
  readonly organization: Organization;
  readonly users: readonly DirectoryUser[];
  readonly permissionSets: readonly PermissionSet[];
  readonly assignments: Set<Assignment>;
  readonly requests: Requests;
  /** Forgets what is still in progress. */
  stop(): void;
}

/** The assignment of a user, if there is one. */
export function findAssignment({ assignments }: IdentityCenter, { permissionSet, accountId, user }: Assignment): Assignment | undefined {
  return [...assignments].find((one) => one.permissionSet === permissionSet && one.accountId === accountId && one.user === user);
}
