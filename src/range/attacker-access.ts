import { Facet } from './facets/facet.js';
import type { Account } from './iam/account.js';
import type { Credential, KeyStatus } from './iam/credentials.js';
import type { Role } from './iam/model.js';
import { livenessProblem, sessionRestriction } from './server/authenticate.js';
import { decide } from './server/authorize.js';
import { arnOfBearer } from './server/context.js';
import { trusts } from './sts/trust.js';

/** What one way in could do at this moment. */
export type AttackerAccess = {
  /** The key id; for a role that the attacker may assume from his own account, the role's ARN. */
  readonly credential: string;
  /** `instance` is a session of a role that an instance of his got, and that outlives the instance. */
  readonly kind: 'key' | 'session' | 'instance' | 'outsideTrust';
  /** The user, session or role it speaks for. */
  readonly principalArn: string;
  readonly alive: boolean;
  readonly why: string;
};

/** Three things an attacker wants, with the service that would be asked. */
const WANTED = [
  { service: 'ec2', operation: 'RunInstances' },
  { service: 'iam', operation: 'CreateUser' },
  { service: 's3', operation: 'ListAllMyBuckets' },
] as const;

/** How long a new session of a role lives when nobody asks for more (STS API reference, AssumeRole). */
const NEW_SESSION_MS = 3_600_000;

/** From where the attacker works, and whose address is known to be somebody else's. */
export type AttackerView = {
  readonly leakedKeyId: string;
  /** His key in his own account. */
  readonly outsideKey: Credential;
  readonly ownAddress: string;
  readonly usualAddress: string;
  readonly at: number;
};

/**
 * The ground truth of a drill: every credential the attacker holds and every role he can assume from outside, and whether
 * any wanted call would be allowed right now.
 */
export function attackerAccess(account: Account, view: AttackerView): AttackerAccess[] {
  return [...heldBy(account, view).map((credential) => heldAccess(account, { credential, view })), ...outsideAccess(account, view)];
}

function heldAccess(account: Account, { credential, view }: { credential: Credential; view: AttackerView }): AttackerAccess {
  const { accessKeyId, bearer, session } = credential;
  const isInstance = session?.ec2RoleDelivery !== undefined;
  const kind = session === undefined ? 'key' : isInstance ? 'instance' : 'session';
  const base = { credential: accessKeyId, kind, principalArn: arnOfBearer(account, bearer) } as const;
  const problem = livenessProblem(credential, view.at);
  if (problem !== undefined) return { ...base, alive: false, why: `cannot authenticate: ${problem.code}` };
  const allowed = allowedCalls(account, { credential, view });
  const alive = allowed.length > 0;
  return { ...base, alive, why: alive ? `allowed: ${allowed.join(', ')}` : 'authenticates, but every wanted call is denied' };
}

/** The leaked key and everything made with an attacker-held credential from anywhere but the workload's usual address. */
function heldBy(account: Account, { leakedKeyId, outsideKey, usualAddress }: AttackerView): Credential[] {
  const held = new Set([leakedKeyId, outsideKey.accessKeyId]);
  // The table is in order of issue, so a parent comes before its children.
  const all = account.credentials.all().filter(({ accessKeyId, origin }) => {
    if (origin !== undefined && held.has(origin.keyId) && origin.sourceIp !== usualAddress) held.add(accessKeyId);
    return held.has(accessKeyId);
  });
  return all.filter((credential) => credential !== outsideKey);
}

/** Every role that lets him in from his own account, judged by the session he would get. */
function outsideAccess(account: Account, view: AttackerView): AttackerAccess[] {
  const facts = { credential: view.outsideKey, at: view.at, sourceIp: view.ownAddress, region: 'us-east-1' };
  return account.roles
    .list()
    .filter((role) => trusts(account, role, facts))
    .map((role) => {
      const allowed = allowedCalls(account, { credential: newSession(role, view.at), view });
      const alive = allowed.length > 0;
      const why = alive ? `a new session is allowed: ${allowed.join(', ')}` : 'can be assumed, but every wanted call is denied';
      return { credential: role.arn, kind: 'outsideTrust', principalArn: role.arn, alive, why };
    });
}

function newSession(role: Role, at: number): Credential {
  return {
    accessKeyId: '',
    secretAccessKey: '',
    bearer: { kind: 'role', role, sessionName: 'outside' },
    issuedAt: Math.floor(at / 1000) * 1000,
    status: new Facet<KeyStatus>('Active'),
    session: { token: '', expiresAt: at + NEW_SESSION_MS, mfaAuthenticated: false, policies: undefined },
  };
}

function allowedCalls(account: Account, { credential, view }: { credential: Credential; view: AttackerView }): string[] {
  const facts = { credential, resource: '*', at: view.at, sourceIp: view.ownAddress, region: 'us-east-1' };
  return WANTED.filter((call) => sessionRestriction(credential, call) === undefined)
    .map(({ service, operation }) => `${service}:${operation}`)
    .filter((action) => decide(account, { ...facts, action }).decision === 'allowed');
}
