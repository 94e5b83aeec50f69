import type { ReconcileFinding, ResetResult, StrandedRun } from '../../contracts/reconcile.js';
import { quote } from './containment-view.js';

/** What a run that ended is called when people are told. */
const NAMES: Readonly<Record<string, string>> = {
  incidentResponse: 'The incident',
  containPrincipal: 'The containment',
  followUp: 'The follow-up',
};

/** What to tell of a run that ended before its work had, and what came of bringing it back. */
export function strandedFinding(run: StrandedRun, outcome: ResetResult): ReconcileFinding {
  const { workflowId, runId, workflowType, incidentId, how, closedAt, tooOften } = run;
  const name = `${NAMES[workflowType] ?? workflowType} ${workflowId}`;
  const ended = `${how}, at ${closedAt}`;
  if (outcome.reset)
    return {
      key: `broughtBack|${workflowId}|${runId}`,
      kind: 'broughtBack',
      incidentId,
      title: `${name} was brought back: it had ended before its work had`,
      lines: [ended, 'its state is what it was, nothing was undone, and it goes on', ...properEnd(run)],
    };
  return {
    // One message a day for one that keeps ending, whichever of its runs it was.
    key: `notBroughtBack|${workflowId}${tooOften === undefined ? `|${runId}` : ''}`,
    kind: 'notBroughtBack',
    incidentId,
    title: `${name} HAS ENDED AND DOES NOT RUN: ${outcome.why}`,
    lines: [
      ended,
      'what it had put into AWS stays there, and nobody watches it',
      `to bring it back: temporal workflow reset --workflow-id ${quote(workflowId)} --run-id ${runId} --type LastWorkflowTask --reason 'ended too early'`,
    ],
  };
}

/** Why a part of the round could not be done. */
export function troubleFinding(what: string, why: string): ReconcileFinding {
  return { key: `trouble|${what}`, kind: 'trouble', incidentId: '', title: `reconcile could not ${what}`, lines: [why] };
}

/** Ending a workflow in Temporal is no way to close it; these are. */
function properEnd({ workflowType, incidentId }: StrandedRun): string[] {
  if (incidentId === '') return [];
  const close = `to end it for good: tourniquet request ${incidentId} close --reason "…"`;
  if (workflowType !== 'containPrincipal') return [close];
  return [`to take the containment back: tourniquet undo ${incidentId} --reason "…"`, close];
}
