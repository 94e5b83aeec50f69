import type { MeasureResult } from '../../src/contracts/measure.js';
import type { MeasureCall } from '../../src/contracts/plan.js';
import { inForceOf, isCredential, keyOf } from '../../src/domain/engine/containment-view.js';
import { failureReason } from './failure-reason.js';
import { takeAtGate } from './gate-phase.js';
import type { ContainmentRun } from './run.js';
import { writeInput } from './write-input.js';
import { applyMeasure } from './write-measure.js';

interface Failed {
  readonly call: MeasureCall;
  readonly type: string;
  readonly text: string;
}

/**
 * Makes every call of the plan that is not recorded yet, all at once: in an account without the SCP guard the
 * race is won by the first deny that spreads (aws-domain 2.2). One refused call never holds back the others.
 */
export async function applyPhase(run: ContainmentRun): Promise<void> {
  const { state } = run;
  const { plan } = state;
  if (!plan) throw new Error('nothing is planned');
  await run.change({ state: 'applying', headline: `writing ${plan.measures.length} measures; not proven`, needs: [], failedMeasures: [] });

  const done = new Set(state.results.map(keyOf));
  // Without a person's signature only what undoes exactly is written (design 9.2).
  const signed = state.authority?.by === 'people';
  const open = plan.measures.filter((call) => !done.has(keyOf(call)) && (signed || call.reversible === 'exact'));
  const failed = (await Promise.all(open.map((call) => applyOne(run, call)))).filter((outcome): outcome is Failed => outcome !== undefined);
  if (failed.length > 0 && failed.every(({ type }) => type === 'GuardStopped')) {
    // Stopped between the reservation and the write: back to the gate, which waits for `go`.
    state.phase = 'gate';
    return;
  }
  state.firstDenyAt ??= firstDenyAt(state.results);
  await report(run, failed);
  state.phase = state.results.length > 0 ? 'watch' : 'apply';
  if (state.results.length === 0) await waitToTryAgain(run);
}

async function applyOne(run: ContainmentRun, call: MeasureCall): Promise<Failed | undefined> {
  const input = writeInput(run, call);
  try {
    run.state.results.push(await applyMeasure(input));
    return undefined;
  } catch (error) {
    return { call, ...failureReason(error) };
  }
}

async function report(run: ContainmentRun, failed: readonly Failed[]): Promise<void> {
  const { state } = run;
  const inForce = inForceOf(state.results, state.restored);
  const effectiveFromAt = state.firstDenyAt;
  const written = state.results.map((result) => `${keyOf(result)}${result.changed ? '' : ' (was so already)'}`);
  if (failed.length === 0) {
    const appliedAt =
      state.results
        .map((result) => result.at)
        .toSorted()
        .at(-1) ?? new Date().toISOString();
    await run.change(
      {
        state: 'applied',
        headline: `every call accepted at ${appliedAt}, being checked; not proven`,
        appliedAt,
        inForce,
        failedMeasures: [],
        needs: [],
        ...(effectiveFromAt ? { effectiveFromAt } : {}),
      },
      `wrote ${written.join(', ')}`,
    );
    return;
  }
  const failedMeasures = failed.map(({ call, text }) => ({ measure: call.measure, target: call.target, reason: text }));
  const lines = failed.map(({ call, text }) => `${call.measure} ${call.target}: ${text}`);
  const none = inForce.length === 0;
  await run.change(
    {
      state: none ? 'notContained' : 'applying',
      headline: `${none ? 'NOT CONTAINED, AWS refused every call' : `${failed.length} of ${failed.length + state.results.length} measures were refused`}; not proven`,
      inForce,
      failedMeasures,
      needs: [
        {
          needId: `write-${state.view.revision}`,
          kind: 'retry',
          title: `AWS refused ${failed.length} measure(s) on ${state.view.principal.name}`,
          lookAt: lines,
          choices: ['retry'],
        },
      ],
      ...(effectiveFromAt ? { effectiveFromAt } : {}),
    },
    ...lines.map((line) => `refused: ${line}`),
  );
}

/** Nothing of ours is in AWS: every answer is one the gate knows, and a new try starts from a fresh plan. */
async function waitToTryAgain(run: ContainmentRun): Promise<void> {
  const { state } = run;
  while (state.phase === 'apply') {
    const order = await run.nextOrder();
    await takeAtGate(run, order);
    if (order?.order === 'proceed') state.phase = 'plan';
  }
}

/** The first accepted deny; where AWS refused every deny, the first accepted call. */
function firstDenyAt(results: readonly MeasureResult[]): string {
  const denies = results.filter((result) => !isCredential(result.measure));
  const times = (denies.length > 0 ? denies : results).map((result) => result.at).toSorted();
  return times[0] ?? new Date().toISOString();
}
