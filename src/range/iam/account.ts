import { Facet } from '../facets/facet.js';
import { FacetMap } from '../facets/facet-map.js';
import type { Propagation } from '../facets/propagation.js';
import type { Clock } from '../clock/clock.js';
import { UNIQUE_ID_ALPHABET, type Random } from '../random/random.js';
import { createCredentials, type Credentials } from './credentials.js';
import type { Group, LoginProfile, ManagedPolicy, PolicyHolder, Role, User } from './model.js';
import { createNamedStore, type NamedStore } from './named-store.js';

/** Name and path of something new; `createdAt` only for what existed before the range started. */
export type Naming = { readonly name: string; readonly path?: string | undefined; readonly createdAt?: number };

/** The simulated account: everything IAM knows, each changeable part with its own history. */
export interface Account {
  readonly id: string;
  readonly alias: string;
  readonly users: NamedStore<User>;
  readonly groups: NamedStore<Group>;
  readonly roles: NamedStore<Role>;
  readonly policies: NamedStore<ManagedPolicy>;
  readonly credentials: Credentials;
  readonly propagation: Propagation;
  addUser(naming: Naming): User;
  addGroup(naming: Naming): Group;
  addRole(
    naming: Naming & { readonly trust: string; readonly description?: string | undefined; readonly maxSessionSeconds?: number | undefined },
  ): Role;
  addPolicy(
    naming: Naming & { readonly document: string; readonly description?: string | undefined; readonly isAwsManaged?: boolean },
  ): ManagedPolicy;
  findPolicy(arn: string): ManagedPolicy | undefined;
}

/** What an account is made of. */
export interface AccountDeps {
  readonly id: string;
  readonly alias: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly propagation: Propagation;
}

/** A role session's longest life unless the role says otherwise (IAM default). */
const DEFAULT_MAX_SESSION_SECONDS = 3600;

/** Makes an account with nothing in it. */
export function createAccount({ id, alias, clock, random, propagation }: AccountDeps): Account {
  const users = createNamedStore<User>();
  const groups = createNamedStore<Group>();
  const roles = createNamedStore<Role>();
  const policies = createNamedStore<ManagedPolicy>();

  const holder = (prefix: string, naming: Naming & { kind: string }): PolicyHolder => ({
    ...newEntity(`${prefix}${random.text(UNIQUE_ID_ALPHABET, 17)}`, { createdAt: clock.now(), ...naming, accountId: id }),
    inline: new FacetMap<string>(),
    attached: new FacetMap<string>(),
  });

  return {
    id,
    alias,
    users,
    groups,
    roles,
    policies,
    propagation,
    credentials: createCredentials(random.fork('credentials')),
    addUser: (naming) => {
      const user: User = {
        kind: 'user',
        ...holder('AIDA', { kind: 'user', ...naming }),
        ...newIdentityParts(),
        loginProfile: new Facet<LoginProfile | undefined>(undefined),
        groups: new FacetMap<true>(),
      };
      users.add(user);
      return user;
    },
    addGroup: (naming) => {
      const group: Group = { kind: 'group', ...holder('AGPA', { kind: 'group', ...naming }) };
      groups.add(group);
      return group;
    },
    addRole: ({ trust, description = '', maxSessionSeconds = DEFAULT_MAX_SESSION_SECONDS, ...naming }) => {
      const role: Role = {
        kind: 'role',
        ...holder('AROA', { kind: 'role', ...naming }),
        ...newIdentityParts(),
        trust: new Facet(trust),
        description,
        maxSessionSeconds,
      };
      roles.add(role);
      return role;
    },
    addPolicy: ({ description = '', isAwsManaged = false, document, ...naming }) => {
      const policyId = `ANPA${random.text(UNIQUE_ID_ALPHABET, 17)}`;
      const accountId = isAwsManaged ? 'aws' : id;
      const base = newEntity(policyId, { createdAt: clock.now(), ...naming, kind: 'policy', accountId });
      const policy: ManagedPolicy = { ...base, description, document, isAwsManaged };
      policies.add(policy);
      return policy;
    },
    findPolicy: (arn) => policies.list().find((policy) => policy.arn === arn),
  };
}

/** What an entity starts from, whatever its kind. */
type Birth = Naming & { readonly kind: string; readonly createdAt: number; readonly accountId: string };

function newEntity(id: string, { kind, name, path = '/', createdAt, accountId }: Birth): Omit<PolicyHolder, 'inline' | 'attached'> {
  const arn = `arn:aws:iam::${accountId}:${kind}${path}${name}`;
  return { name, path, id, arn, createdAt: wholeSecond(createdAt), exists: new Facet<boolean>(true) };
}

function newIdentityParts(): Pick<User, 'tags' | 'boundary'> {
  return { tags: new FacetMap<string>(), boundary: new Facet<string | undefined>(undefined) };
}

/** IAM shows times in whole seconds. */
function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
