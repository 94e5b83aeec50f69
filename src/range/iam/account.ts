import { Facet } from '../facets/facet.js';
import { FacetMap } from '../facets/facet-map.js';
import type { Propagation } from '../facets/propagation.js';
import type { Clock } from '../clock/clock.js';
import { UNIQUE_ID_ALPHABET, type Random } from '../random/random.js';
import { createCredentials, type Credentials } from './credentials.js';
import type { CredentialReport } from './credential-report.js';
import {
  createGroup,
  createInstanceProfile,
  createManagedPolicy,
  createRole,
  createUser,
  newEntity,
  type Entity,
  type PolicyBirth,
  type RoleBirth,
} from './entities.js';
import type { Group, InstanceProfile, LoginProfile, ManagedPolicy, Role, RootUser, User } from './model.js';
import { createNamedStore, type Named, type NamedStore } from './named-store.js';
import type { MfaDevice, SigningCertificate, VirtualMfaDevice } from './other-credentials.js';
import type { Organization } from '../organizations/organization.js';

/** Name and path of something new; `createdAt` only for what existed before the range started. */
export type Naming = { readonly name: string; readonly path?: string | undefined; readonly createdAt?: number };

/** An identity provider that roles may trust: `name` is that of a SAML provider, or the host of an OpenID Connect issuer. */
export type IdentityProvider = { readonly arn: string; readonly name: string; readonly createdAt: number };

/** The simulated account: everything IAM knows, each changeable part with its own history. */
export interface Account {
  readonly id: string;
  readonly alias: string;
  readonly root: RootUser;
  readonly users: NamedStore<User>;
  readonly groups: NamedStore<Group>;
  readonly roles: NamedStore<Role>;
  readonly policies: NamedStore<ManagedPolicy>;
  readonly instanceProfiles: NamedStore<InstanceProfile>;
  /** By serial number. */
  readonly virtualMfaDevices: FacetMap<VirtualMfaDevice>;
  /** Metadata documents of SAML providers by ARN. */
  readonly samlProviders: FacetMap<IdentityProvider>;
  readonly oidcProviders: FacetMap<IdentityProvider>;
  readonly credentials: Credentials;
  /** The last credential report, until the next one is made. */
  credentialReport?: CredentialReport;
  readonly propagation: Propagation;
  /** The organization it belongs to; absent for a standalone account. Set once, when the organization is made. */
  organization?: Organization;
  addUser(naming: Naming): User;
  addGroup(naming: Naming): Group;
  addRole(naming: Naming & RoleBirth): Role;
  addPolicy(naming: Naming & PolicyBirth): ManagedPolicy;
  addInstanceProfile(naming: Naming): InstanceProfile;
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

/** Makes an account with nothing in it. */
export function createAccount({ id, alias, clock, random, propagation }: AccountDeps): Account {
  const users = createNamedStore<User>();
  const groups = createNamedStore<Group>();
  const roles = createNamedStore<Role>();
  const policies = createNamedStore<ManagedPolicy>();
  const instanceProfiles = createNamedStore<InstanceProfile>();

  const entity = (prefix: string, naming: Naming & { kind: string }, accountId = id): Entity =>
    newEntity(`${prefix}${random.text(UNIQUE_ID_ALPHABET, 17)}`, { createdAt: clock.now(), ...naming, accountId });
  /** Puts something new where it belongs. */
  const added = <T extends Named>(store: NamedStore<T>, one: T): T => {
    store.add(one);
    return one;
  };

  return {
    id,
    alias,
    root: createRoot(id),
    users,
    groups,
    roles,
    policies,
    instanceProfiles,
    virtualMfaDevices: new FacetMap<VirtualMfaDevice>(),
    samlProviders: new FacetMap<IdentityProvider>(),
    oidcProviders: new FacetMap<IdentityProvider>(),
    propagation,
    credentials: createCredentials(random.fork('credentials')),
    addUser: (naming) => added(users, createUser(entity('AIDA', { kind: 'user', ...naming }))),
    addGroup: (naming) => added(groups, createGroup(entity('AGPA', { kind: 'group', ...naming }))),
    addRole: ({ trust, description, maxSessionSeconds, ...naming }) =>
      added(roles, createRole(entity('AROA', { kind: 'role', ...naming }), { trust, description, maxSessionSeconds })),
    addPolicy: ({ document, description, isAwsManaged = false, ...naming }) => {
      const base = entity('ANPA', { kind: 'policy', ...naming }, isAwsManaged ? 'aws' : id);
      return added(policies, createManagedPolicy(base, { document, description, isAwsManaged }));
    },
    addInstanceProfile: (naming) => added(instanceProfiles, createInstanceProfile(entity('AIPA', { kind: 'instance-profile', ...naming }))),
    findPolicy: (arn) => policies.list().find((policy) => policy.arn === arn),
  };
}

/** A root user without password, keys and MFA. */
function createRoot(accountId: string): RootUser {
  return {
    kind: 'root',
    name: 'root',
    arn: `arn:aws:iam::${accountId}:root`,
    loginProfile: new Facet<LoginProfile | undefined>(undefined),
    mfaDevices: new FacetMap<MfaDevice>(),
    certificates: new FacetMap<SigningCertificate>(),
  };
}
