import type { Plan } from '../../src/contracts/plan.js';
import { keyOf, summarizePlan } from '../../src/domain/engine/containment-view.js';
import { plan as planning } from '../runtime/activities.js';
import { failureReason } from './failure-reason.js';
import { takeAtGate } from './gate-phase.js';
import type { ContainmentRun } from './run.js';
import { nextOrderWatching } from './watch-phase.js';

/**
 * Plans, reading only. A plan that cannot be made becomes a task that says what is missing; a plan that a rail
 * refuses is handed to a person. Goes on to the gate either way: only there anything is decided.
 */
export async function planPhase(run: ContainmentRun): Promise<void> {
  const { state } = run;
  const replanned = state.plan !== undefined;
  try {
    const plan = await planning.planContainment.executeWithOptions({ summary: `plan the containment of ${state.view.principal.name}` }, [
      {
        incidentId: state.incidentId,
        principal: state.view.principal,
        alerts: state.alerts,
        ...(state.escalatedAt === undefined ? {} : { escalated: true }),
        ...(state.descent === undefined ? {} : { descent: state.descent }),
      },
    ]);
    // What was first read is what undo goes back to: a later reading may already show our own writes.
    state.plan = { ...plan, before: keepFirst(state.plan?.before ?? [], plan.before) };
    state.phase = 'gate';
    const headline =
      plan.refusals.length > 0
        ? `a rail refuses it: ${plan.refusals.join('; ')}; not proven`
        : `tier ${plan.tier}, ${state.results.length > 0 ? 'to be completed' : 'nothing is written yet'}; not proven`;
    await run.change(
      {
        // With measures in force it is no mere plan any more.
        ...(state.results.length > 0 ? {} : { state: 'planned' }),
        headline,
        plan: summarizePlan(plan),
        needs: state.view.needs.filter((need) => need.kind === 'consent' || need.kind === 'byHand'),
      },
      `${replanned ? 'planned again' : 'planned'}, ${plan.measures.length} measures, because ${plan.tierReasons.join('; ')}`,
    );
  } catch (error) {
    const { text } = failureReason(error);
    await run.change(
      {
        headline: `cannot be planned: ${text}; not proven`,
        needs: [
          {
            needId: `plan-${state.view.revision}`,
            kind: 'retry',
            title: `The containment of ${state.view.principal.name} cannot be planned`,
            lookAt: [text],
            choices: ['retry'],
          },
        ],
      },
      `planning failed: ${text}`,
    );
    await waitToPlanAgain(run);
  }
}

function keepFirst(first: Plan['before'], later: Plan['before']): Plan['before'] {
  const known = new Set(first.map(keyOf));
  return [...first, ...later.filter((row) => !known.has(keyOf(row)))];
}

/** Every answer is one the gate knows: what is in force may still be undone although nothing can be planned. */
async function waitToPlanAgain(run: ContainmentRun): Promise<void> {
  for (;;) {
    const order = await nextOrderWatching(run, { summary: `${run.state.view.principal.name} cannot be planned` });
    if (order?.order === 'retry' || order?.order === 'newFacts') return;
    // Nothing was ever planned: there is nothing a person can have done by hand.
    if (order?.order !== 'handDone' || run.state.plan) await takeAtGate(run, order);
    if (run.state.phase !== 'plan') return;
  }
}
