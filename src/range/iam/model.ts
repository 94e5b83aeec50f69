import type { Facet } from '../facets/facet.js';
import type { FacetMap } from '../facets/facet-map.js';
import type { MfaDevice, ServiceCredential, SigningCertificate, SshKey } from './other-credentials.js';

/** What users, groups and roles share: policies, each propagating on its own. */
export type PolicyHolder = {
  readonly name: string;
  readonly path: string;
  /** Unique id (AIDA…, AGPA…, AROA…); a re-created name gets a new one. */
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly exists: Facet<boolean>;
  /** Policy documents by policy name. */
  readonly inline: FacetMap<string>;
  /** Attached managed policies: name by ARN. */
  readonly attached: FacetMap<string>;
};

/** A console password: the range only knows that there is one. */
export type LoginProfile = { readonly createdAt: number; readonly resetRequired: boolean };

/** An IAM user. */
export type User = PolicyHolder & {
  readonly kind: 'user';
  readonly tags: FacetMap<string>;
  readonly boundary: Facet<string | undefined>;
  readonly loginProfile: Facet<LoginProfile | undefined>;
  /** Names of the groups the user is in. */
  readonly groups: FacetMap<true>;
  /** By credential id. */
  readonly serviceCredentials: FacetMap<ServiceCredential>;
  /** By key id. */
  readonly sshKeys: FacetMap<SshKey>;
  /** By certificate id. */
  readonly certificates: FacetMap<SigningCertificate>;
  /** By serial number. */
  readonly mfaDevices: FacetMap<MfaDevice>;
};

/** The account's root user. Its keys are in the credential table. */
export type RootUser = Pick<User, 'name' | 'arn' | 'loginProfile' | 'mfaDevices' | 'certificates'> & { readonly kind: 'root' };

/** An IAM group. */
export type Group = PolicyHolder & { readonly kind: 'group' };

/** An IAM role. */
export type Role = PolicyHolder & {
  readonly kind: 'role';
  readonly tags: FacetMap<string>;
  readonly boundary: Facet<string | undefined>;
  readonly trust: Facet<string>;
  readonly description: string;
  readonly maxSessionSeconds: number;
};

/** A managed policy; AWS's own have no account in their ARN. */
export type ManagedPolicy = {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string;
  readonly isAwsManaged: boolean;
  readonly exists: Facet<boolean>;
  /** By version id, in order of creation; a deleted one stays, because no version id is used twice. */
  readonly versions: Map<string, PolicyVersion>;
  readonly defaultVersion: Facet<string>;
};

/** One version of a managed policy. Its document never changes. */
export type PolicyVersion = {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
  readonly exists: Facet<boolean>;
};

/** What EC2 hands to an instance: it holds at most one role (IAM quotas). */
export type InstanceProfile = {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly exists: Facet<boolean>;
  /** The role's name. */
  readonly role: Facet<string | undefined>;
};
