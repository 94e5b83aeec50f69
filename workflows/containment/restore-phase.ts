import type { ContainmentNeed } from '../../src/contracts/containment.js';
import type { MeasureResult } from '../../src/contracts/measure.js';
import type { MeasureName } from '../../src/contracts/plan.js';
import { inForceOf, keyOf } from '../../src/domain/engine/containment-view.js';
import { failureReason } from './failure-reason.js';
import type { ContainmentRun } from './run.js';
import { writeInput } from './write-input.js';
import { undoMeasure } from './write-measure.js';

/** The inline deny comes off last: until then the principal is shut, whatever else goes wrong (aws-domain 2.2). */
const UNDO_ORDER: readonly MeasureName[] = [
  'stopFunction',
  'requireImdsV2',
  'detachInstanceProfile',
  'deleteAssignment',
  'deactivateServiceCredential',
  'deactivateSshKey',
  'deactivateSigningCertificate',
  'deactivateAccessKey',
  'deleteLoginProfile',
  'deleteRootCredentials',
  'closeTrust',
  'setDenyVersion',
  'putBoundary',
  'joinDenyGroup',
  'attachQuarantinePolicy',
  'denySession',
  'denyUser',
  'denyRole',
  'denyInPermissionSet',
  'freezeMinting',
  'quarantineByScp',
  'revokeSessions',
];

/** The order in which measures are taken back. */
export function inUndoOrder(results: readonly MeasureResult[]): MeasureResult[] {
  return results.toSorted((a, b) => UNDO_ORDER.indexOf(a.measure) - UNDO_ORDER.indexOf(b.measure));
}

/**
 * Restore after a false positive (design 9.4): puts back exactly what was, one measure after the other, each by
 * compare-and-set. A field that somebody changed since stops the undo and asks.
 */
export async function restorePhase(run: ContainmentRun): Promise<void> {
  const { state } = run;
  await run.change(
    { state: 'restoring', headline: 'restoring what was there before; not proven', needs: [] },
    'restore begins: two people consented',
  );
  const kept: string[] = [];
  for (const result of inUndoOrder(state.results)) {
    const outcome = await undoOne(run, result);
    if (outcome === 'otherwise') return;
    if (outcome === 'kept') kept.push(keyOf(result));
  }
  state.phase = 'done';
  const left = kept.length > 0 ? `; left as somebody changed it: ${kept.join(', ')}` : '';
  const byHand = state.view.byHand ? '; what was done by hand must be undone by hand' : '';
  await run.change(
    {
      state: 'released',
      headline: `restored: the principal is as it was${left}${byHand}`,
      releasedAt: new Date().toISOString(),
      needs: [],
      inForce: kept,
    },
    `restored and released${left}${byHand}`,
  );
}

/** Takes one measure back; what stops it becomes a task. One that is taken back already is done. */
export async function undoOne(run: ContainmentRun, result: MeasureResult): Promise<'done' | 'kept' | 'otherwise'> {
  const { state } = run;
  if (state.restored.some((done) => keyOf(done) === keyOf(result))) return 'done';
  for (;;) {
    try {
      state.restored.push(await undoMeasure({ ...writeInput(run, result), undo: result }));
      await run.change({ inForce: inForceOf(state.results, state.restored), needs: [] }, `undone: ${keyOf(result)}`);
      return 'done';
    } catch (error) {
      const reason = failureReason(error);
      const conflict = reason.type === 'PreconditionFailed' || reason.type === 'TargetNotFound';
      await run.change(
        {
          headline: `stopped at ${keyOf(result)}: ${reason.text}; not proven`,
          needs: [needFor(result, { run, text: reason.text, conflict })],
        },
        `undo stopped: ${reason.text}`,
      );
      const answer = await waitForAnswer(run);
      if (answer !== 'again') return answer;
    }
  }
}

function needFor(
  result: MeasureResult,
  { run, text, conflict }: { run: ContainmentRun; text: string; conflict: boolean },
): ContainmentNeed {
  const needId = `undo-${run.state.view.revision}`;
  if (!conflict) return { needId, kind: 'retry', title: `Undo of ${keyOf(result)} was refused`, lookAt: [text], choices: ['retry'] };
  return {
    needId,
    kind: 'conflict',
    title: `${keyOf(result)} is not as we left it: keep it, or put it back and retry`,
    lookAt: [text],
    choices: ['keep', 'retry'],
  };
}

async function waitForAnswer(run: ContainmentRun): Promise<'again' | 'kept' | 'otherwise'> {
  for (;;) {
    const order = await run.nextOrder();
    if (order?.order === 'keepConflict') return 'kept';
    if (order?.order === 'retry') return 'again';
    if (order?.order === 'restore' || order?.order === 'recover') {
      run.state.authority = { by: 'people', consents: order.consents, alerts: [] };
      return 'again';
    }
  }
}
