import type { Account } from './iam/account.js';
import type { Credential } from './iam/credentials.js';
import { livenessProblem, sessionRestriction } from './server/authenticate.js';
import { decide } from './server/authorize.js';

/** What one attacker-held credential could do at this moment. */
export type AttackerAccess = { readonly credential: string; readonly alive: boolean; readonly why: string };

/** Three things an attacker wants, with the service that would be asked. */
const WANTED = [
  { service: 'ec2', operation: 'RunInstances' },
  { service: 'iam', operation: 'CreateUser' },
  { service: 's3', operation: 'ListAllMyBuckets' },
] as const;

/** From where the attacker works, and whose address is known to be somebody else's. */
export type AttackerView = {
  readonly leakedKeyId: string;
  readonly ownAddress: string;
  readonly usualAddress: string;
  readonly at: number;
};

/** The ground truth of a drill: every credential the attacker holds, and whether any wanted call would be allowed right now. */
export function attackerAccess(account: Account, view: AttackerView): AttackerAccess[] {
  return heldBy(account, view).map((credential) => {
    const problem = livenessProblem(credential, view.at);
    if (problem !== undefined) return { credential: credential.accessKeyId, alive: false, why: `cannot authenticate: ${problem.code}` };
    const allowed = WANTED.filter((call) => sessionRestriction(credential, call) === undefined).filter(({ service, operation }) =>
      isAllowed(account, { credential, view, action: `${service}:${operation}` }),
    );
    const alive = allowed.length > 0;
    const why = alive
      ? `allowed: ${allowed.map(({ service, operation }) => `${service}:${operation}`).join(', ')}`
      : 'authenticates, but every wanted call is denied';
    return { credential: credential.accessKeyId, alive, why };
  });
}

/** The leaked key and everything made with an attacker-held credential from anywhere but the workload's usual address. */
function heldBy(account: Account, { leakedKeyId, usualAddress }: AttackerView): Credential[] {
  const held = new Set([leakedKeyId]);
  // The table is in order of issue, so a parent comes before its children.
  return account.credentials.all().filter(({ accessKeyId, origin }) => {
    if (origin !== undefined && held.has(origin.keyId) && origin.sourceIp !== usualAddress) held.add(accessKeyId);
    return held.has(accessKeyId);
  });
}

function isAllowed(
  account: Account,
  { credential, view, action }: { credential: Credential; view: AttackerView; action: string },
): boolean {
  const facts = { at: view.at, sourceIp: view.ownAddress, region: 'us-east-1' };
  return decide(account, { credential, action, resource: '*', ...facts }).decision === 'allowed';
}
