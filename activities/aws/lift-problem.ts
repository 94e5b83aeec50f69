import type { WriteInput } from '../../src/contracts/measure.js';
import type { Rails } from '../../src/contracts/policies.js';
import { revokeSessionsName } from '../../src/domain/planning/measure-calls.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';

/** What lifting in recovery is judged by. */
export interface LiftContext {
  readonly snapshot: PrincipalSnapshot;
  readonly rails: Rails;
  readonly now: () => string;
}

/**
 * Why recovery may not take this measure back now: credentials never come back to life; denies come off only while the
 * revocation stands and every key of the plan is off; the revocation only after the longest session has ended.
 */
export function liftProblem(
  { call, incidentId, approvedPlan, principal }: WriteInput,
  { snapshot, rails, now }: LiftContext,
): string | undefined {
  if (call.layer === 'credential') return 'recovery never re-arms an old credential';
  const revocation = snapshot.inlinePolicies.find(({ name }) => name === revokeSessionsName(incidentId));
  if (revocation === undefined) return 'the older sessions are not revoked: the denies stay';
  if (call.measure === 'revokeSessions') {
    if (rails.rangeAccounts.includes(principal.account)) return undefined;
    const at = /"aws:TokenIssueTime":"([^"]+)"/.exec(revocation.document)?.[1];
    const heldSeconds = at === undefined ? 0 : (Date.parse(now()) - Date.parse(at)) / 1000;
    return heldSeconds >= rails.minimumHoldSeconds
      ? undefined
      : `sessions are revoked for ${Math.round(heldSeconds)} s only; rails.yaml wants ${rails.minimumHoldSeconds} s`;
  }
  const planned = new Set(approvedPlan.measures.filter(({ measure }) => measure === 'deactivateAccessKey').map(({ target }) => target));
  const armed = snapshot.keys.filter(({ accessKeyId, status }) => planned.has(accessKeyId) && status !== 'Inactive');
  return armed.length === 0 ? undefined : `${armed.map(({ accessKeyId }) => accessKeyId).join(', ')} is still active: the denies stay`;
}
