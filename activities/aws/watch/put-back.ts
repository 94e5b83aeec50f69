import type { MeasureResult } from '../../../src/contracts/measure.js';
import type { Configuration, WatchInput } from '../../../src/contracts/watch.js';
import { reasonOf, recordedOf } from './read-configuration.js';
import type { Progress, WatchDeps, WatchPace } from './watch-deps.js';

/** Re-applies one recorded result; a measure that was never accepted is not ours to put back. */
export async function putBack(
  { measure, target, found }: Configuration['missing'][number],
  { input, deps, pace, progress }: { input: WatchInput; deps: WatchDeps; pace: Pick<WatchPace, 'cancelled'>; progress: Progress },
): Promise<void> {
  const recorded = recordedOf(input, { measure, target });
  const call = [...input.approvedPlan.measures, ...input.approvedPlan.recovery].find(
    (candidate) => candidate.measure === measure && candidate.target === target,
  );
  if (input.readOnly || !recorded || !call || !input.authority) return;
  const drift = { at: new Date(deps.nowMs()).toISOString(), measure, target, found };
  try {
    const { incidentId, decidedFor, containmentId, principal, approvedPlan, authority } = input;
    const write = {
      incidentId,
      ...(decidedFor === undefined ? {} : { decidedFor }),
      containmentId,
      principal,
      call,
      approvedPlan,
      authority,
      reapply: recorded,
    };
    const again: MeasureResult = await deps.measures[measure].apply(write);
    // Nothing to put back: the read-back had failed, or somebody was quicker. That is no drift.
    if (again.changed) progress.drifts.push({ ...drift, reappliedAt: again.at });
  } catch (error) {
    if (pace.cancelled()) throw error;
    progress.drifts.push({ ...drift, refused: reasonOf(error) });
  }
}
