import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, isCancellation, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES as SA } from '../../src/contracts/search-attributes.js';
import { followUpIdOf, newFollowUp, wantsFollowUp } from '../../src/domain/engine/follow-up.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { recordIncident } from './record.js';

const STARTING = 'start follow-up';

/** Starts the follow-up once the service has recovered, or the finding turned out false after somebody acted on it. */
export function startFollowUp(incident: Incident): void {
  const { state, run } = incident;
  if (!wantsFollowUp(state) || run.claiming.has(STARTING)) return;
  run.claiming.add(STARTING);
  void ensureFollowUp(incident);
}

/** The same, awaited: at the close nothing else will. */
export async function ensureFollowUp(incident: Incident): Promise<void> {
  if (wantsFollowUp(incident.state)) await incident.busy(() => start(incident));
}

async function start(incident: Incident): Promise<void> {
  const { state } = incident;
  const workflowId = followUpIdOf(state.incidentId);
  try {
    await recordIncident(incident).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      incident.journal(`the record for the follow-up could not be written: ${failureText(error)}`);
    });
    await startChild('followUp', {
      workflowId,
      args: [{ state: newFollowUp(state, Date.now()) }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: `Follow-up of ${state.incidentId} · ${state.principals.map(({ name }) => name).join(', ')}`.slice(0, 200),
      typedSearchAttributes: [
        { key: SA.incidentId, value: `${state.incidentId}-F` },
        { key: SA.severity, value: state.severity },
        { key: SA.phase, value: 'followUp' },
      ],
    });
  } catch (error) {
    if (isCancellation(error)) return;
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      incident.journal(`the follow-up could not be started: ${failureText(error)}`);
      return;
    }
  }
  state.followUpId = workflowId;
  incident.journal(`follow-up started: ${state.incidentId}-F`);
}
