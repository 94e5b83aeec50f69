import type {
  AccessKeyMetadata,
  AttachedPolicy,
  Group as GroupShape,
  InstanceProfile as InstanceProfileShape,
  Policy as PolicyShape,
  PolicyVersion as PolicyVersionShape,
  Role as RoleShape,
  Tag,
  User as UserShape,
} from '@aws-sdk/client-iam';
import type { FacetMap } from '../facets/facet-map.js';
import type { View } from '../facets/facet.js';
import type { Account } from './account.js';
import type { Credential } from './credentials.js';
import type { Group, InstanceProfile, ManagedPolicy, PolicyHolder, PolicyVersion, Role, User } from './model.js';
import { versionsOf } from './policy-versions.js';

/** IAM returns documents percent-encoded (RFC 3986). */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The fields every principal answer starts with. */
function naming({ path, id, arn, createdAt }: PolicyHolder): { Path: string; Arn: string; CreateDate: Date; id: string } {
  return { Path: path, Arn: arn, CreateDate: new Date(createdAt), id };
}

function boundaryShape(arn: string | undefined): {
  PermissionsBoundary?: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy'; PermissionsBoundaryArn: string };
} {
  return arn === undefined
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn } };
}

/** Tags as IAM answers them. */
export function tagShapes(tags: FacetMap<string>, view: View): Tag[] {
  return tags.seen(view).map(([Key, Value]) => ({ Key, Value }));
}

/** A user as `GetUser` answers it; lists leave tags and boundary out, as AWS does. */
export function userShape(user: User, { view, detail }: { view: View; detail: 'full' | 'listed' }): UserShape {
  const { id, ...rest } = naming(user);
  const base = { ...rest, UserName: user.name, UserId: id };
  if (detail === 'listed') return base;
  const tags = tagShapes(user.tags, view);
  return { ...base, ...boundaryShape(user.boundary.seen(view)), ...(tags.length === 0 ? {} : { Tags: tags }) };
}

/** Root as IAM answers it: its id is that of the account, and it has no user name. */
export function rootShape({ id, root, users }: Account): UserShape {
  const born = Math.min(...users.list().map(({ createdAt }) => createdAt));
  return { Path: '/', UserName: undefined, UserId: id, Arn: root.arn, CreateDate: new Date(Number.isFinite(born) ? born : 0) };
}

/** A group as IAM answers it. */
export function groupShape(group: Group): GroupShape {
  const { id, ...rest } = naming(group);
  return { ...rest, GroupName: group.name, GroupId: id };
}

/** A role as IAM answers it. */
export function roleShape(role: Role, view: View): RoleShape {
  const { id, ...rest } = naming(role);
  const tags = tagShapes(role.tags, view);
  return {
    ...rest,
    RoleName: role.name,
    RoleId: id,
    AssumeRolePolicyDocument: encodeDocument(role.trust.seen(view)),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    ...boundaryShape(role.boundary.seen(view)),
    ...(tags.length === 0 ? {} : { Tags: tags }),
  };
}

/** A managed policy as IAM answers it. */
export function policyShape(policy: ManagedPolicy, usage: { attachments: number; boundaries: number }, view: View = 'latest'): PolicyShape {
  const { name, path, id, arn, createdAt, description } = policy;
  return {
    PolicyName: name,
    PolicyId: id,
    Arn: arn,
    Path: path,
    DefaultVersionId: policy.defaultVersion.seen(view),
    AttachmentCount: usage.attachments,
    PermissionsBoundaryUsageCount: usage.boundaries,
    IsAttachable: true,
    Description: description,
    CreateDate: new Date(createdAt),
    UpdateDate: new Date(versionsOf(policy, view).at(-1)?.createdAt ?? createdAt),
  };
}

/** A version of a managed policy; lists leave the document out, as AWS does. */
export function versionShape(
  policy: ManagedPolicy,
  { id, document, createdAt }: PolicyVersion,
  { view, detail }: { view: View; detail: 'full' | 'listed' },
): PolicyVersionShape {
  return {
    ...(detail === 'full' ? { Document: encodeDocument(document) } : {}),
    VersionId: id,
    IsDefaultVersion: policy.defaultVersion.seen(view) === id,
    CreateDate: new Date(createdAt),
  };
}

/** An instance profile with the role in it. */
export function instanceProfileShape(profile: InstanceProfile, account: Account, view: View): InstanceProfileShape {
  const { name, path, id, arn, createdAt } = profile;
  const role = account.roles.find(profile.role.seen(view) ?? '', view);
  return {
    InstanceProfileName: name,
    InstanceProfileId: id,
    Arn: arn,
    Path: path,
    CreateDate: new Date(createdAt),
    Roles: role === undefined ? [] : [roleShape(role, view)],
  };
}

/** A key without its secret. */
export function keyShape(credential: Credential, { userName, view }: { userName: string | undefined; view: View }): AccessKeyMetadata {
  const status = credential.status.seen(view);
  return {
    UserName: userName,
    AccessKeyId: credential.accessKeyId,
    Status: status === 'Active' ? 'Active' : 'Inactive',
    CreateDate: new Date(credential.issuedAt),
  };
}

/** Attached managed policies as IAM answers them. */
export function attachedShapes(holder: PolicyHolder, view: View): AttachedPolicy[] {
  return holder.attached.seen(view).map(([PolicyArn, PolicyName]) => ({ PolicyName, PolicyArn }));
}
