import { allHandlersFinished, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { FollowUpInput, IncidentInput, IncidentResult } from '../../src/contracts/incident.js';
import type { Incident } from './incident.js';

/** An incident's budget is 600 events (design 7); at 500 a quiet point is near enough to stay below it. */
const ROLL_OVER_AFTER_EVENTS = 500;

/** True when this run's history is long enough and nothing is under way: no activity, message, handler or unseen change. */
export function shouldRollOver(incident: Incident, input: Pick<IncidentInput, 'continueAsNewAfterEvents'>): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  const long = continueAsNewSuggested || historyLength >= (input.continueAsNewAfterEvents ?? ROLL_OVER_AFTER_EVENTS);
  return long && isQuiet(incident);
}

/** Goes on in a new run. The state carries everything; timers are set anew from its absolute times. */
export function rollOver({ state }: Incident, input: IncidentInput): Promise<never> {
  return continueAsNew<(next: IncidentInput) => Promise<IncidentResult>>({ ...input, resume: { ...state, runs: state.runs + 1 } });
}

/** The same for a follow-up. */
export function rollOverFollowUp({ state }: Incident, input: FollowUpInput): Promise<never> {
  return continueAsNew<(next: FollowUpInput) => Promise<IncidentResult>>({ ...input, state: { ...state, runs: state.runs + 1 } });
}

function isQuiet({ run, state }: Incident): boolean {
  return (
    run.inFlight === 0 &&
    !run.dirty &&
    run.outbox.length === 0 &&
    run.breaches.length === 0 &&
    state.closing === undefined &&
    allHandlersFinished()
  );
}
