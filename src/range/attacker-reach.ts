import { Facet } from './facets/facet.js';
import type { Account } from './iam/account.js';
import type { Credential, KeyStatus } from './iam/credentials.js';
import type { Role } from './iam/model.js';
import { sessionRestriction } from './server/authenticate.js';
import { decide } from './server/authorize.js';
import { accountIdOf } from './server/context.js';
import { ownNames } from './server/principal-names.js';
import { trustGrant, trusts } from './sts/trust.js';

/** What a credential gets its holder, now. */
export interface Reach {
  /** How a wanted call would be allowed; undefined when none would, not even from a role it can move into. */
  of(account: Account, credential: Credential): string | undefined;
  /** Whether a role's trust policy may mean a caller. Cheap, and never wrong when it says no. */
  mayName(role: Role, credential: Credential): boolean;
}

/** Where and when it is asked. */
export type ReachView = { readonly accounts: readonly Account[]; readonly ownAddress: string; readonly at: number };

/** Three things an attacker wants, with the service that would be asked. */
const WANTED = [
  { service: 'ec2', operation: 'RunInstances' },
  { service: 'iam', operation: 'CreateUser' },
  { service: 's3', operation: 'ListAllMyBuckets' },
] as const;

/** How long a new session of a role lives when nobody asks for more (STS API reference, AssumeRole). */
const NEW_SESSION_MS = 3_600_000;

/** Answers by what is enforced at one moment; what is found out of a role is kept for that moment. */
export function createReach({ accounts, ownAddress, at }: ReachView): Reach {
  const facts = { at, sourceIp: ownAddress, region: 'us-east-1' };
  const reaching = new Map<Role, string>();
  const deadEnds = new Set<Role>();
  const path = new Set<Role>();

  const allowedCalls = (account: Account, credential: Credential): string[] =>
    WANTED.filter((call) => sessionRestriction(credential, call) === undefined)
      .map(({ service, operation }) => `${service}:${operation}`)
      .filter((action) => decide(account, { ...facts, credential, resource: '*', action }).decision === 'allowed');

  const mayName = (role: Role, { bearer }: Credential): boolean => {
    const text = role.trust.effective(at);
    const home = accountIdOf(bearer);
    return ['"*"', `"${home}"`, `:${home}:root"`, ...ownNames(bearer)].some((name) => text.includes(name));
  };

  const mayAssume = (account: Account, credential: Credential, role: Role): boolean => {
    const question = { ...facts, credential };
    if (!mayName(role, credential) || !trusts(account, role, question)) return false;
    const grant = trustGrant(account, role, question);
    return decide(account, { ...question, action: 'sts:AssumeRole', resource: role.arn, grant }).decision === 'allowed';
  };

  const roleReach = (owner: Account, role: Role): string | undefined => {
    // Roles that lead to each other lead nowhere by that.
    if (deadEnds.has(role) || path.has(role)) return undefined;
    const known = reaching.get(role);
    if (known !== undefined) return known;
    path.add(role);
    const found = of(owner, newSession(role, { at, sessionName: 'next' }));
    path.delete(role);
    if (found !== undefined) reaching.set(role, found);
    // Inside a path the role may only have been cut off from what it came from.
    else if (path.size === 0) deadEnds.add(role);
    return found;
  };

  const of = (account: Account, credential: Credential): string | undefined => {
    const allowed = allowedCalls(account, credential);
    if (allowed.length > 0) return `allowed: ${allowed.join(', ')}`;
    // Root assumes no role, and some sessions do not either.
    if (credential.bearer.kind === 'root' || sessionRestriction(credential, { service: 'sts', operation: 'AssumeRole' }) !== undefined)
      return undefined;
    for (const owner of accounts) {
      for (const role of owner.roles.list()) {
        if (!mayAssume(account, credential, role)) continue;
        const found = roleReach(owner, role);
        if (found !== undefined) return `moves into ${role.name}: ${found}`;
      }
    }
    return undefined;
  };

  return { of, mayName };
}

/** A session of a role as its caller would get it now. */
export function newSession(
  role: Role,
  { at, sessionName, identityStoreUserId }: { at: number; sessionName: string; identityStoreUserId?: string },
): Credential {
  return {
    accessKeyId: '',
    secretAccessKey: '',
    bearer: { kind: 'role', role, sessionName },
    issuedAt: Math.floor(at / 1000) * 1000,
    status: new Facet<KeyStatus>('Active'),
    session: {
      token: '',
      expiresAt: at + NEW_SESSION_MS,
      mfaAuthenticated: false,
      policies: undefined,
      ...(identityStoreUserId === undefined ? {} : { identityStoreUserId }),
    },
  };
}
