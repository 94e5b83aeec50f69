import { Facet, type Stamp } from '../facets/facet.js';
import { SECRET_ALPHABET, UNIQUE_ID_ALPHABET, type Random } from '../random/random.js';
import type { Role, User } from './model.js';

/** Status of a long-term key; `Deleted` stays in the table because sessions and records still refer to it. */
export type KeyStatus = 'Active' | 'Inactive' | 'Deleted';

/** Whom a credential speaks for. */
export type Bearer =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'federated'; readonly user: User; readonly name: string }
  | { readonly kind: 'role'; readonly role: Role; readonly sessionName: string }
  | { readonly kind: 'root'; readonly accountId: string }
  | External
  | Outsider;

/** Somebody whom an identity provider vouches for; he has no credentials yet and asks for a role's. */
export type External = {
  readonly kind: 'external';
  readonly type: 'SAMLUser' | 'WebIdentityUser';
  /** ARN of the provider in the account of the role. */
  readonly providerArn: string;
  readonly subject: string;
  readonly accountId: string;
};

/** A user of an account that the range does not play, e.g. the attacker's own. */
export type Outsider = { readonly kind: 'outside'; readonly accountId: string; readonly userName: string; readonly userId: string };

/** The user or role whose policies a bearer acts by; undefined for root, for whom no policies exist, and for outsiders. */
export function principalOf(bearer: Bearer): User | Role | undefined {
  switch (bearer.kind) {
    case 'user':
    case 'federated':
      return bearer.user;
    case 'role':
      return bearer.role;
    case 'root':
    case 'external':
    case 'outside':
      return undefined;
  }
}

/** A temporary credential's extra half. */
export type SessionPart = {
  readonly token: string;
  readonly expiresAt: number;
  readonly mfaAuthenticated: boolean;
  /** Policy documents passed to the minting call. */
  readonly policies: readonly string[] | undefined;
  /** Set once by the AssumeRole that began a chain of sessions; it cannot be changed later (STS API reference). */
  readonly sourceIdentity?: string | undefined;
  /** Tags passed to the minting call and inherited down the chain; they stand before the role's own. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Which of them the next session of a chain inherits. */
  readonly transitiveTagKeys?: readonly string[];
  /** The Identity Center user it was made for. */
  readonly identityStoreUserId?: string;
  /** A privileged session of AssumeRoot. */
  readonly assumedRoot?: true;
  /** Version of the metadata service through which an EC2 instance got it. */
  readonly ec2RoleDelivery?: '1.0' | '2.0';
};

/** Which call made a credential: the key that asked, and from where. */
export type Origin = { readonly keyId: string; readonly sourceIp: string };

/** When, where and for what a long-term key was last used. */
export type LastUse = { readonly at: number; readonly service: string; readonly region: string };

/** One row of the credential table: AKIA (no session part) or ASIA. */
export type Credential = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bearer: Bearer;
  readonly issuedAt: number;
  readonly status: Facet<KeyStatus>;
  readonly session?: SessionPart;
  /** Absent for what the scenario brought. */
  readonly origin?: Origin;
  lastUse?: LastUse;
};

/** What a new row starts from; the scenario may fix the key id and secret. */
export type NewCredential = {
  readonly bearer: Bearer;
  readonly issuedAt: number;
  readonly session?: Omit<SessionPart, 'token'>;
  readonly origin?: Origin;
  readonly fixed?: { readonly accessKeyId?: string; readonly status?: KeyStatus };
};

/** The account's credential table. */
export interface Credentials {
  issue(input: NewCredential): Credential;
  find(accessKeyId: string): Credential | undefined;
  all(): readonly Credential[];
  setStatus(credential: Credential, change: { status: KeyStatus; stamp: Stamp }): void;
}

/** The start of every session token real STS hands out, so that redaction rules can be tried. */
const TOKEN_PREFIX = 'IQoJb3JpZ2luX2Vj';

/** Makes an empty credential table. */
export function createCredentials(random: Random): Credentials {
  const rows = new Map<string, Credential>();

  const issue = ({ bearer, issuedAt, session, origin, fixed }: NewCredential): Credential => {
    const credential: Credential = {
      accessKeyId: fixed?.accessKeyId ?? `${session === undefined ? 'AKIA' : 'ASIA'}${random.text(UNIQUE_ID_ALPHABET, 16)}`,
      secretAccessKey: random.text(SECRET_ALPHABET, 40),
      bearer,
      issuedAt,
      status: new Facet<KeyStatus>(fixed?.status ?? 'Active'),
      ...(origin === undefined ? {} : { origin }),
      ...(session === undefined ? {} : { session: { ...session, token: `${TOKEN_PREFIX}${random.text(SECRET_ALPHABET, 300)}` } }),
    };
    rows.set(credential.accessKeyId, credential);
    return credential;
  };

  return {
    issue,
    find: (accessKeyId) => rows.get(accessKeyId),
    all: () => [...rows.values()],
    setStatus: (credential, { status, stamp }) => credential.status.set(status, stamp),
  };
}
