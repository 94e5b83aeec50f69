import {
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListRoleTagsCommand,
  ListUserTagsCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam';
import { DescribeUserCommand, GetUserIdCommand } from '@aws-sdk/client-identitystore';
import type { OrganizationConfig } from '../../../src/contracts/organization.js';
import type { People, Rails } from '../../../src/contracts/policies.js';
import type { Principal, PrincipalKind, Resolution } from '../../../src/contracts/principal.js';
import { principalLock } from '../../../src/domain/principals/lock.js';
import { ownersOf } from '../../../src/domain/principals/owners.js';
import type { AwsAccess } from '../aws-access.js';
import type { OwnIdentityOf } from '../own-identity.js';

export interface ResolveDeps {
  readonly access: AwsAccess;
  readonly organization: () => Promise<OrganizationConfig | undefined>;
  readonly ownIdentity: OwnIdentityOf;
  readonly people: () => Promise<People>;
  readonly rails: () => Promise<Rails>;
  readonly now: () => string;
}

export type NotFound = Extract<Resolution, { found: false }>;

/** A principal by the name AWS knows it under; `session` is the role session that is meant. */
export type Named =
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'role'; readonly name: string; readonly uniqueId?: string; readonly session?: string }
  | { readonly kind: 'person'; readonly userId: string }
  | { readonly kind: 'root' };

interface Context {
  readonly account: string;
  readonly deps: ResolveDeps;
  readonly notFound: (why: NotFound['why'], detail: string) => NotFound;
}

/** Roles that Identity Center made: the person behind the session is who is contained (aws-domain 1.1). */
const RESERVED_PATH = '/aws-reserved/sso.amazonaws.com/';

/** Looks a named principal up in its account. @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient. */
export async function resolveNamed(named: Named, context: Context): Promise<Resolution> {
  switch (named.kind) {
    case 'user':
      return resolveUser(named.name, context);
    case 'role':
      return resolveRole(named, context);
    case 'person':
      return resolvePerson(named.userId, context);
    case 'root': {
      const { account } = context;
      return found(context, { kind: 'root', name: 'root', arn: `arn:aws:iam::${account}:root`, uniqueId: account });
    }
  }
}

async function resolveUser(name: string, context: Context): Promise<Resolution> {
  const iam = readerOf(context);
  const read = async () =>
    Promise.all([iam.send(new GetUserCommand({ UserName: name })), iam.send(new ListUserTagsCommand({ UserName: name }))]);
  const answer = await orGone(read());
  if (answer === undefined) return context.notFound('deleted', `user ${name} does not exist any more`);
  const [{ User }, { Tags = [] }] = answer;
  if (User?.Arn === undefined || User.UserId === undefined) return context.notFound('unknown', `AWS gave no details of user ${name}`);
  return found(context, { kind: 'user', name, arn: User.Arn, uniqueId: User.UserId, tags: Tags });
}

async function resolveRole({ name, uniqueId, session }: Extract<Named, { kind: 'role' }>, context: Context): Promise<Resolution> {
  const iam = readerOf(context);
  const answer = await orGone(iam.send(new GetRoleCommand({ RoleName: name })));
  if (answer === undefined) return context.notFound('deleted', `role ${name} does not exist any more`);
  const { Role } = answer;
  if (Role?.Arn === undefined || Role.RoleId === undefined) return context.notFound('unknown', `AWS gave no details of role ${name}`);
  if (uniqueId !== undefined && Role.RoleId !== uniqueId)
    return context.notFound('deleted', `role ${name} is now ${Role.RoleId}, not ${uniqueId} that the alert is about`);
  if (Role.Path === RESERVED_PATH && session !== undefined) return resolveByUserName(session, context);
  const { Tags = [] } = await iam.send(new ListRoleTagsCommand({ RoleName: name }));
  const sessions = session === undefined ? {} : { sessions: [session] };
  return found(context, { kind: 'role', name, arn: Role.Arn, uniqueId: Role.RoleId, tags: Tags, ...sessions });
}

/** Sessions of Identity Center carry the person's user name. */
async function resolveByUserName(userName: string, context: Context): Promise<Resolution> {
  const store = await identityStoreOf(context);
  if (store === undefined) return context.notFound('unsupported', 'organization.yaml names no Identity Center');
  const { client, IdentityStoreId } = store;
  const UniqueAttribute = { AttributePath: 'userName', AttributeValue: userName };
  const { UserId } = await client.send(new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier: { UniqueAttribute } }));
  return UserId === undefined ? context.notFound('unknown', `Identity Center knows no ${userName}`) : resolvePerson(UserId, context);
}

async function resolvePerson(userId: string, context: Context): Promise<Resolution> {
  const store = await identityStoreOf(context);
  if (store === undefined) return context.notFound('unsupported', 'organization.yaml names no Identity Center');
  const { client, IdentityStoreId } = store;
  const { UserName = userId } = await client.send(new DescribeUserCommand({ IdentityStoreId, UserId: userId }));
  const arn = `arn:aws:identitystore:::user/${userId}`;
  return found(context, { kind: 'identityCenterUser', name: UserName, arn, uniqueId: userId });
}

async function identityStoreOf({ deps }: Context) {
  const config = await deps.organization();
  if (config?.identityCenter === undefined) return undefined;
  const { identityStoreId: IdentityStoreId, region } = config.identityCenter;
  return { IdentityStoreId, client: deps.access.identityStore({ account: config.hubAccount, role: 'Reader' }, region) };
}

interface Found {
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly arn: string;
  readonly uniqueId: string;
  readonly tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];
  readonly sessions?: string[];
}

async function found({ account, deps }: Context, { tags = [], ...rest }: Found): Promise<Resolution> {
  const [{ people }, { tags: tagNames }] = await Promise.all([deps.people(), deps.rails()]);
  const ownerTag = tags.find((tag) => tag.Key === tagNames.owner)?.Value;
  const { kind, name, uniqueId } = rest;
  const principal: Principal = {
    account,
    ...rest,
    lockId: principalLock({ account, kind, name: kind === 'identityCenterUser' ? uniqueId : name }),
    ownerSubjects: ownersOf({ name, ownerTag }, people),
  };
  return { found: true, principal, resolvedAt: deps.now() };
}

function readerOf({ account, deps }: Context): IAMClient {
  return deps.access.iam({ account, role: 'Reader' });
}

async function orGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
