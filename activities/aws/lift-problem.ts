import type { WriteInput } from '../../src/contracts/measure.js';
import type { Rails } from '../../src/contracts/policies.js';
import { revokeSessionsName } from '../../src/domain/planning/measure-calls.js';
import { revokedAtOf } from '../../src/domain/planning/documents.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';

/** What lifting in recovery is judged by. */
export interface LiftContext {
  readonly snapshot: PrincipalSnapshot;
  readonly rails: Rails;
  /** When the first of those who signed consented to recover. */
  readonly consentedAtMs: number;
  readonly now: () => string;
}

/** AWS's clock and ours may differ by this much. */
const CLOCK_SKEW_MS = 120_000;

/**
 * Why recovery may not take this measure back now: credentials never come back to life; denies come off only while the
 * revocation stands and no credential of before could work; the revocation only after the longest session has ended.
 */
export function liftProblem(input: WriteInput, context: LiftContext): string | undefined {
  const { call, incidentId } = input;
  const { inlinePolicies, notRead } = context.snapshot;
  if (call.layer === 'credential') return 'recovery never re-arms an old credential';
  const unread = notRead.find((part) => part.startsWith('inline policies'));
  if (unread !== undefined) return `${unread} could not be read: what is in force stays`;
  const revocation = inlinePolicies.find(({ name }) => name === revokeSessionsName(incidentId));
  if (call.measure === 'revokeSessions') return revocation === undefined ? undefined : holdProblem(revocation.document, input, context);
  const revokedAt = revocation === undefined ? undefined : revokedAtOf(revocation.document);
  // Of another form it may deny nobody; from before the plan, not those who came in since.
  if (revokedAt === undefined || Date.parse(revokedAt) < Date.parse(input.approvedPlan.plannedAt))
    return 'the older sessions are not revoked: the denies stay';
  return armedProblem(input, context);
}

function holdProblem(document: string, { principal }: WriteInput, { rails, now }: LiftContext): string | undefined {
  if (rails.rangeAccounts.includes(principal.account)) return undefined;
  const revokedAt = revokedAtOf(document);
  const heldSeconds = revokedAt === undefined ? 0 : (Date.parse(now()) - Date.parse(revokedAt)) / 1000;
  return heldSeconds >= rails.minimumHoldSeconds
    ? undefined
    : `sessions are revoked for ${Math.round(heldSeconds)} s only; rails.yaml wants ${rails.minimumHoldSeconds} s`;
}

/**
 * A key that would work for the intruder once the denies are gone: one of the plan that is active, or one made since the
 * plan and before people consented to recover. What recovery issues is younger than its consents.
 */
export function armedProblem(
  { approvedPlan }: Pick<WriteInput, 'approvedPlan'>,
  { snapshot, consentedAtMs }: Pick<LiftContext, 'snapshot' | 'consentedAtMs'>,
): string | undefined {
  const unread = snapshot.notRead.find((part) => part.startsWith('access keys'));
  if (unread !== undefined) return `${unread} could not be read: what is in force stays`;
  const planned = new Set(approvedPlan.measures.filter(({ measure }) => measure === 'deactivateAccessKey').map(({ target }) => target));
  const armed = snapshot.keys.filter(
    ({ accessKeyId, status, createdAt }) =>
      status !== 'Inactive' && (planned.has(accessKeyId) || Date.parse(createdAt) + CLOCK_SKEW_MS < consentedAtMs),
  );
  return armed.length === 0 ? undefined : `${armed.map(({ accessKeyId }) => accessKeyId).join(', ')} is still active: the denies stay`;
}
