import { z } from 'zod';
import { PrincipalKind } from '../../contracts/principal.js';
import { Instant } from '../../contracts/primitives.js';

/** A credential of a user beside its access keys and password. */
export const OtherCredential = z.strictObject({
  kind: z.enum(['serviceSpecific', 'sshKey', 'signingCertificate']),
  id: z.string(),
  status: z.string(),
  createdAt: Instant,
});
export type OtherCredential = z.infer<typeof OtherCredential>;

/** A function that runs with a role. `concurrency`: reserved executions, null when none are reserved. */
export const RoleFunction = z.strictObject({ arn: z.string(), region: z.string(), concurrency: z.number().int().nullable() });
export type RoleFunction = z.infer<typeof RoleFunction>;

/** A running instance that gets a role's credentials. */
export const RoleInstance = z.strictObject({
  id: z.string(),
  region: z.string(),
  associationId: z.string(),
  profileArn: z.string(),
  httpTokens: z.enum(['required', 'optional']),
});
export type RoleInstance = z.infer<typeof RoleInstance>;

/** A permission set that an Identity Center user has in the account. */
export const AssignedPermissionSet = z.strictObject({
  arn: z.string(),
  name: z.string(),
  /** Assigned to the user itself; one that comes through a group cannot be taken from one member here. */
  direct: z.boolean(),
  inlinePolicy: z.string().nullable(),
});
export type AssignedPermissionSet = z.infer<typeof AssignedPermissionSet>;

/** What the organization offers against a principal of the account. */
export const ScpCapability = z.strictObject({
  /** Is the SCP guard in force on the account, so that nobody but incident response can take the quarantine policy off? */
  guard: z.enum(['present', 'absent', 'unknown']),
  /** Prepared quarantine SCPs in force on the account. */
  quarantinePolicyIds: z.array(z.string()),
  /** No SCP binds the management account. */
  isManagement: z.boolean(),
});
export type ScpCapability = z.infer<typeof ScpCapability>;

/** A customer managed policy that gives a principal its rights, with everybody else it is in force for. */
export const OwnPolicy = z.strictObject({
  arn: z.string(),
  versions: z.number().int(),
  defaultVersion: z.string(),
  /** `user/name`, `group/name`, `role/name`, other than the principal itself. */
  others: z.array(z.string()),
  boundaryOf: z.array(z.string()),
});
export type OwnPolicy = z.infer<typeof OwnPolicy>;

/**
 * An IAM user or role as read before anything is written (aws-domain 3). Parts that could not be read are
 * named in `notRead`: a snapshot is never a precondition of containment.
 */
export const PrincipalSnapshot = z.strictObject({
  kind: PrincipalKind,
  account: z.string(),
  arn: z.string(),
  name: z.string(),
  uniqueId: z.string(),
  createdAt: Instant,
  tags: z.record(z.string(), z.string()),
  boundaryArn: z.string().optional(),
  keys: z.array(z.strictObject({ accessKeyId: z.string(), status: z.string(), createdAt: Instant })),
  inlinePolicies: z.array(z.strictObject({ name: z.string(), document: z.string() })),
  attachedPolicyArns: z.array(z.string()),
  groups: z.array(z.string()),
  consolePassword: z.boolean(),
  otherCredentials: z.array(OtherCredential),
  /** Trust policy of a role, as AWS has it. */
  trustPolicy: z.string().optional(),
  /** Is `policy/ir/IRQuarantine` there and does it deny everything? */
  quarantinePolicy: z.enum(['present', 'absent', 'unknown']),
  /** Is the group `IRQuarantine` there with the quarantine policy on it? */
  denyGroup: z.enum(['present', 'absent', 'unknown']),
  /** Absent where there is no organization. */
  scp: ScpCapability.optional(),
  functions: z.array(RoleFunction),
  instances: z.array(RoleInstance),
  permissionSets: z.array(AssignedPermissionSet),
  /** Customer managed policies attached to the principal; at most the first five. */
  ownPolicies: z.array(OwnPolicy),
  /** ARN of the identity that read this: our own. */
  readBy: z.string(),
  readAt: Instant,
  notRead: z.array(z.string()),
});
export type PrincipalSnapshot = z.infer<typeof PrincipalSnapshot>;
