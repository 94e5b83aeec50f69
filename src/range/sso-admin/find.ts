import { AwsError } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import { pageOf } from '../iam/paging.js';
import type { Call } from '../server/call.js';
import type { Access } from '../server/operation.js';
import type { DirectoryUser, IdentityCenter, PermissionSet } from './identity-center.js';

/** Most items in one answer (IAM Identity Center API reference, MaxResults). */
const PAGE = 100;

/** The parameters most calls share. */
export type OnInstance = { readonly InstanceArn: string | undefined };
/** Those of a call about a permission set. */
export type OnPermissionSet = OnInstance & { readonly PermissionSetArn: string | undefined };

/** Whether a caller's account and region are those in which Identity Center answers. */
export function answersHere({ organization, region }: IdentityCenter, call: Call): boolean {
  const { managementAccountId, delegatedAccountId } = organization;
  return call.region === region && [managementAccountId, delegatedAccountId].includes(call.account.id);
}

/** @throws AwsError AccessDeniedException from any account but the management and delegated one, ResourceNotFoundException */
export function checkInstance(center: IdentityCenter, { call, input }: { call: Call; input: OnInstance }): void {
  if (!answersHere(center, call))
    throw new AwsError('AccessDeniedException', `User: ${call.callerArn} is not authorized to call Identity Center from this account.`);
  if (input.InstanceArn !== center.instanceArn) throw notFound('Instance', input.InstanceArn);
}

/** @throws AwsError AccessDeniedException, ResourceNotFoundException */
export function permissionSetOf(center: IdentityCenter, { call, input }: { call: Call; input: OnPermissionSet }): PermissionSet {
  checkInstance(center, { call, input });
  const set = center.permissionSets.find(({ arn }) => arn === input.PermissionSetArn);
  if (set === undefined) throw notFound('PermissionSet', input.PermissionSetArn);
  return set;
}

/** @throws AwsError ResourceNotFoundException, also for a group: the range's identity store has none */
export function userOfId(
  { users }: IdentityCenter,
  { id = '', type = 'USER' }: { id: string | undefined; type?: string | undefined },
): DirectoryUser {
  const user = type === 'USER' ? users.find((one) => one.id === id) : undefined;
  if (user === undefined) throw notFound(type, id);
  return user;
}

/** @throws AwsError ResourceNotFoundException */
export function memberAccount({ organization }: IdentityCenter, id = ''): Account {
  const account = organization.account(id);
  if (account === undefined) throw notFound('Account', id);
  return account;
}

/** The answer to a name that is not there. */
export function notFound(what: string, name = ''): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} with id ${name} not found.`);
}

/** Access to the instance and whatever else a call names (service authorization reference, IAM Identity Center). */
export function onInstance({ InstanceArn = '*' }: OnInstance, ...others: readonly (string | undefined)[]): Access {
  return { resources: [InstanceArn, ...others.filter((arn) => arn !== undefined)] };
}

/** An account as Identity Center's policies name it. */
export function accountArn(id = '*'): string {
  return `arn:aws:sso:::account/${id}`;
}

/** One page with the token of the next. */
export function tokenPage<T>(
  items: readonly T[],
  { MaxResults = PAGE, NextToken }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { page: T[]; token: { NextToken?: string } } {
  const { page, paging } = pageOf(items, { Marker: NextToken, MaxItems: MaxResults });
  return { page, token: paging.Marker === undefined ? {} : { NextToken: paging.Marker } };
}
