import type { IAMClient } from '@aws-sdk/client-iam';
import { permanent } from '../../../src/contracts/failures.js';
import type { MeasureResult, WriteInput } from '../../../src/contracts/measure.js';
import type { Principal } from '../../../src/contracts/principal.js';
import { revokedAtOf, revokeSessionsDocument } from '../../../src/domain/planning/documents.js';
import { scopeOf } from '../aws-access.js';
import { readInlinePolicy, writeInlinePolicy } from './inline-policy.js';
import type { Measure, MeasureDeps } from './measure.js';

/**
 * Puts the inline policy `IRRevokeSessions-<incident>` (aws-domain 1.2, D2): every session issued before the moment of
 * writing stays denied, long-term keys are untouched. Written when *recover* begins, after the last minting path was shut,
 * and taken away when the longest session has ended. Needs Get, Put and Delete of inline policies on the user or role.
 *
 * @throws PreconditionFailed, permanent, on undo: somebody changed the policy.
 * @throws UnsafeAction, PermissionDenied, permanent; Throttled, transient.
 */
export function createRevokeSessions({ access, authorize, now }: MeasureDeps): Measure {
  const measure = 'revokeSessions' as const;
  const clientFor = (subject: { principal: Principal; incidentId: string }): IAMClient => access.iam(scopeOf('Responder', subject));

  async function apply(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const iam = clientFor(input);
    const field = { principal: input.principal, target: input.call.target };
    const current = await readInlinePolicy(iam, field);
    const wanted = wantedDocument(input, { current, now: now() });
    const changed = current !== wanted;
    const requestIds = changed ? await writeInlinePolicy(iam, field, wanted) : [];
    return { measure, target: field.target, changed, before: null, after: wanted, at: now(), requestIds };
  }

  async function undo(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const iam = clientFor(input);
    const done = input.undo;
    if (!done || typeof done.after !== 'string' || revokedAtOf(done.after) === undefined)
      throw permanent('UnsafeAction', 'the record to undo is not what revokeSessions writes');
    const field = { principal: input.principal, target: done.target };
    const current = await readInlinePolicy(iam, field);
    const result = { ...done, before: current, after: null, at: now() };
    if (current === null) return { ...result, changed: false, requestIds: [] };
    if (current !== done.after) throw permanent('PreconditionFailed', `${done.target} is not as we left it: somebody changed it since`);
    return { ...result, changed: true, requestIds: await writeInlinePolicy(iam, field, null) };
  }

  return {
    name: measure,
    layer: 'deny',
    reversible: 'exact',
    apply,
    undo,
    async verify({ principal, target, incidentId, recorded }) {
      const current = await readInlinePolicy(clientFor({ principal, incidentId }), { principal, target });
      return { holds: current !== null && current === recorded?.after, found: current?.slice(0, 200) ?? 'absent' };
    },
  };
}

/** A repeat finds what the first delivery wrote; a drift is put back as recorded, never with a later moment. */
function wantedDocument({ reapply, approvedPlan }: WriteInput, { current, now }: { current: string | null; now: string }): string {
  if (reapply) {
    if (typeof reapply.after !== 'string' || revokedAtOf(reapply.after) === undefined)
      throw permanent('UnsafeAction', 'the record to put back is not what revokeSessions writes');
    return reapply.after;
  }
  const revokedAt = current === null ? undefined : revokedAtOf(current);
  // One from before the plan is not this recovery's: who came in since would stay.
  const stands = current !== null && revokedAt !== undefined && Date.parse(revokedAt) >= Date.parse(approvedPlan.plannedAt);
  return stands ? current : revokeSessionsDocument(now);
}
