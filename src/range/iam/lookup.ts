import { AwsError, noSuchEntity, required, validationError } from '../aws-error.js';
import type { Access, AlsoNeeded } from '../server/operation.js';
import type { Call } from '../server/call.js';
import type { Credential } from './credentials.js';
import type { Group, InstanceProfile, ManagedPolicy, PolicyHolder, Role, RootUser, User } from './model.js';
import type { CredentialStatus } from './other-credentials.js';

/** The name a call is about: the one given, or the caller's own when it gives none. */
export function userNameOf(call: Call, name: string | undefined): string {
  if (name !== undefined) return name;
  const { bearer } = call.caller;
  if (bearer.kind === 'user') return bearer.user.name;
  throw validationError('Must specify userName when calling with non-User credentials');
}

/** The user a call is about, as the caller sees the account. @throws AwsError NoSuchEntity */
export function userOf(call: Call, name: string | undefined): User {
  const wanted = userNameOf(call, name);
  const user = call.account.users.find(wanted, call.view);
  if (user === undefined) throw noSuchEntity('user', wanted);
  return user;
}

/** @throws AwsError NoSuchEntity */
export function groupOf(call: Call, name: string | undefined): Group {
  const group = call.account.groups.find(required(name, 'GroupName'), call.view);
  if (group === undefined) throw noSuchEntity('group', name ?? '');
  return group;
}

/** @throws AwsError NoSuchEntity */
export function roleOf(call: Call, name: string | undefined): Role {
  const role = call.account.roles.find(required(name, 'RoleName'), call.view);
  if (role === undefined) throw noSuchEntity('role', name ?? '');
  return role;
}

/**
 * A role that may be changed. Roles that AWS made for its services or for Identity Center are changed through those only
 * (IAM user guide, "Using service-linked roles").
 *
 * @throws AwsError NoSuchEntity, UnmodifiableEntity
 */
export function modifiableRoleOf(call: Call, name: string | undefined): Role {
  const role = roleOf(call, name);
  if (/^\/aws-(service-role|reserved)\//.test(role.path))
    throw new AwsError(
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    );
  return role;
}

/** @throws AwsError NoSuchEntity */
export function instanceProfileOf(call: Call, name: string | undefined): InstanceProfile {
  const profile = call.account.instanceProfiles.find(required(name, 'InstanceProfileName'), call.view);
  if (profile === undefined) throw new AwsError('NoSuchEntity', `Instance Profile ${name ?? ''} cannot be found.`, 404);
  return profile;
}

/** @throws AwsError NoSuchEntity */
export function managedPolicyOf(call: Call, arn: string | undefined): ManagedPolicy {
  const policy = call.account.findPolicy(required(arn, 'PolicyArn'));
  if (policy === undefined) throw noSuchEntity('policy', arn ?? '');
  return policy;
}

/** The document of an inline policy. @throws AwsError NoSuchEntity */
export function inlinePolicyOf(call: Call, { holder, name }: { holder: PolicyHolder; name: string | undefined }): string {
  const document = holder.inline.get(required(name, 'PolicyName'), call.view);
  if (document === undefined) throw noSuchEntity('policy', name ?? '');
  return document;
}

/** The long-term keys of a user or of root that are not deleted, oldest first. */
export function keysOf(call: Call, owner: User | RootUser): Credential[] {
  return call.account.credentials
    .all()
    .filter(
      ({ bearer, session, status }) =>
        session === undefined &&
        (bearer.kind === 'user' ? bearer.user === owner : bearer.kind === owner.kind) &&
        status.seen(call.view) !== 'Deleted',
    );
}

/** The instance profiles that hold a role. */
export function profilesWith({ account, view }: Call, { name }: Role): InstanceProfile[] {
  return account.instanceProfiles.list(view).filter(({ role }) => role.seen(view) === name);
}

/** The status an update asks for. @throws AwsError ValidationError */
export function statusOf(status: string | undefined): CredentialStatus {
  const wanted = required(status, 'Status');
  if (wanted === 'Active' || wanted === 'Inactive') return wanted;
  throw validationError(
    `Value '${wanted}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]`,
  );
}

/** The permission to hand a role to a service, which some calls need besides their own (IAM user guide, "iam:PassRole"). */
export function passing({ account }: Call, roleName: string | undefined): AlsoNeeded {
  const arn = account.roles.find(roleName ?? '')?.arn ?? `arn:aws:iam::${account.id}:role/${roleName ?? ''}`;
  return { action: 'iam:PassRole', resource: arn, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } };
}

/** Access to the user a call names, also when there is no such user: authorization comes before existence. */
export function onUser(input: { readonly UserName?: string | undefined }, call: Call): Access {
  const name = userNameOf(call, input.UserName);
  return { resources: [call.account.users.find(name)?.arn ?? `arn:aws:iam::${call.account.id}:user/${name}`] };
}

/** Access to the role a call names. */
export function onRole({ RoleName: name = '' }: { readonly RoleName?: string | undefined }, call: Call): Access {
  return { resources: [call.account.roles.find(name)?.arn ?? `arn:aws:iam::${call.account.id}:role/${name}`] };
}

/** Access to the group a call names. */
export function onGroup({ GroupName: name = '' }: { readonly GroupName?: string | undefined }, call: Call): Access {
  return { resources: [call.account.groups.find(name)?.arn ?? `arn:aws:iam::${call.account.id}:group/${name}`] };
}

/** Access to the instance profile a call names. */
export function onInstanceProfile(
  { InstanceProfileName: name = '' }: { readonly InstanceProfileName?: string | undefined },
  call: Call,
): Access {
  return { resources: [call.account.instanceProfiles.find(name)?.arn ?? `arn:aws:iam::${call.account.id}:instance-profile/${name}`] };
}

/** Access to the managed policy a call names. */
export function onPolicy({ PolicyArn: arn = '*' }: { readonly PolicyArn?: string | undefined }): Access {
  return { resources: [arn] };
}

/** Access to the whole account, for calls that name nothing. */
export function onAccount(): Access {
  return { resources: ['*'] };
}
