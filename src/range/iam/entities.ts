import { FacetMap } from '../facets/facet-map.js';
import { Facet } from '../facets/facet.js';
import type { Group, InstanceProfile, LoginProfile, ManagedPolicy, PolicyHolder, PolicyVersion, Role, User } from './model.js';
import type { MfaDevice, ServiceCredential, SigningCertificate, SshKey } from './other-credentials.js';

/** What everything with a name in IAM has. */
export type Entity = Pick<PolicyHolder, 'name' | 'path' | 'id' | 'arn' | 'createdAt' | 'exists'>;

/** What an entity starts from, whatever its kind. */
export type Birth = {
  readonly name: string;
  readonly path?: string | undefined;
  readonly kind: string;
  readonly createdAt: number;
  readonly accountId: string;
};

/** A role session's longest life unless the role says otherwise (IAM default). */
const DEFAULT_MAX_SESSION_SECONDS = 3600;

/** What a role starts from, besides its name. */
export type RoleBirth = {
  readonly trust: string;
  readonly description?: string | undefined;
  readonly maxSessionSeconds?: number | undefined;
};

/** What a managed policy starts from, besides its name. */
export type PolicyBirth = {
  readonly document: string;
  readonly description?: string | undefined;
  readonly isAwsManaged?: boolean | undefined;
};

/** Names an entity; IAM shows times in whole seconds. */
export function newEntity(id: string, { kind, name, path = '/', createdAt, accountId }: Birth): Entity {
  const arn = `arn:aws:iam::${accountId}:${kind}${path}${name}`;
  return { name, path, id, arn, createdAt: Math.floor(createdAt / 1000) * 1000, exists: new Facet<boolean>(true) };
}

/** A user with nothing but a name. */
export function createUser(entity: Entity): User {
  return {
    kind: 'user',
    ...holderOf(entity),
    ...newIdentityParts(),
    loginProfile: new Facet<LoginProfile | undefined>(undefined),
    groups: new FacetMap<true>(),
    serviceCredentials: new FacetMap<ServiceCredential>(),
    sshKeys: new FacetMap<SshKey>(),
    certificates: new FacetMap<SigningCertificate>(),
    mfaDevices: new FacetMap<MfaDevice>(),
  };
}

/** A group without members and policies. */
export function createGroup(entity: Entity): Group {
  return { kind: 'group', ...holderOf(entity) };
}

/** A role without policies. */
export function createRole(entity: Entity, { trust, description = '', maxSessionSeconds = DEFAULT_MAX_SESSION_SECONDS }: RoleBirth): Role {
  return { kind: 'role', ...holderOf(entity), ...newIdentityParts(), trust: new Facet(trust), description, maxSessionSeconds };
}

function holderOf(entity: Entity): PolicyHolder {
  return { ...entity, inline: new FacetMap<string>(), attached: new FacetMap<string>() };
}

function newIdentityParts(): Pick<User, 'tags' | 'boundary'> {
  return { tags: new FacetMap<string>(), boundary: new Facet<string | undefined>(undefined) };
}

/** A managed policy with its first version. */
export function createManagedPolicy(
  { name, path, id, arn, createdAt, exists }: Entity,
  { document, description = '', isAwsManaged = false }: PolicyBirth,
): ManagedPolicy {
  const first = newPolicyVersion('v1', { document, createdAt });
  const versions = new Map([[first.id, first]]);
  return { name, path, id, arn, createdAt, exists, description, isAwsManaged, versions, defaultVersion: new Facet(first.id) };
}

/** A version that exists from its creation on. */
export function newPolicyVersion(id: string, { document, createdAt }: Pick<PolicyVersion, 'document' | 'createdAt'>): PolicyVersion {
  return { id, document, createdAt, exists: new Facet<boolean>(true) };
}

/** An instance profile without a role. */
export function createInstanceProfile(entity: Entity): InstanceProfile {
  return { ...entity, role: new Facet<string | undefined>(undefined) };
}
