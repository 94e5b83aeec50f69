import { allHandlersFinished, CancellationScope, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { ContainmentInput, type ContainmentView } from '../src/contracts/containment.js';
import { assertNever, parsePayload } from '../src/contracts/failures.js';
import { applyPhase } from './containment/apply-phase.js';
import { gatePhase } from './containment/gate-phase.js';
import { holdPhase } from './containment/hold-phase.js';
import { planPhase } from './containment/plan-phase.js';
import { recoverPhase } from './containment/recover-phase.js';
import { restorePhase } from './containment/restore-phase.js';
import { type ContainmentRun, startContainmentRun } from './containment/run.js';
import { watchPhase } from './containment/watch-phase.js';

/** A containment without drift stays under 400 events; above this the run starts afresh with its state (design 7). */
const CONTINUE_AFTER_EVENTS = 350;

/**
 * The containment of one principal; its workflow id is the claim. Plans at once, reading only; writes after
 * `proceed`; then watches until it is released. It never gives up by itself and is never awaited.
 */
export async function containPrincipal(raw: ContainmentInput): Promise<ContainmentView> {
  const input = parsePayload(ContainmentInput, raw, 'containment');
  const run = startContainmentRun(input);
  // Cancel asks for a reason and undoes nothing: the work itself is out of its reach.
  await CancellationScope.nonCancellable(async () => {
    if (run.state.runs === 1) await run.change({});
    while (run.state.phase !== 'done') {
      await nextPhase(run);
      await continueWhenLong(run, input);
    }
    await condition(allHandlersFinished);
  });
  return run.state.view;
}

function nextPhase(run: ContainmentRun): Promise<void> {
  const { phase } = run.state;
  switch (phase) {
    case 'plan':
      return planPhase(run);
    case 'gate':
      return gatePhase(run);
    case 'apply':
      return applyPhase(run);
    case 'watch':
      return watchPhase(run);
    case 'restore':
      return restorePhase(run);
    case 'recover':
      return recoverPhase(run);
    case 'hold':
      return holdPhase(run);
    case 'done':
      return Promise.resolve();
    default:
      return assertNever(phase);
  }
}

/** Between phases no activity is in flight: the quiet point. */
async function continueWhenLong({ state }: ContainmentRun, input: ContainmentInput): Promise<void> {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  const limit = input.continueAsNewAfterEvents ?? CONTINUE_AFTER_EVENTS;
  if (state.phase === 'done' || (historyLength < limit && !continueAsNewSuggested)) return;
  await condition(allHandlersFinished);
  await continueAsNew<typeof containPrincipal>({ ...input, resume: state });
}
