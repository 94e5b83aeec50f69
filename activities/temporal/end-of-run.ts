import type { WorkflowClient } from '@temporalio/client';
import { plainText } from '../../src/domain/engine/plain-text.js';

/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of Temporal's API: the one event that ended the run. */
const CLOSE_EVENT = 2;
const REASON_LIMIT = 300;

/** Says how a run ended, by whom and why, as its last event has it: `terminated by alex@host: wrong button`. */
export async function endOf(
  { workflowService, options: { namespace } }: Pick<WorkflowClient, 'workflowService' | 'options'>,
  { workflowId, runId }: { workflowId: string; runId: string },
): Promise<string> {
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    historyEventFilterType: CLOSE_EVENT,
  });
  const end = history?.events?.at(-1);
  const terminated = end?.workflowExecutionTerminatedEventAttributes;
  if (terminated) return said(`terminated by ${terminated.identity ?? 'somebody'}`, terminated.reason);
  const failed = end?.workflowExecutionFailedEventAttributes;
  if (failed) return said('failed', failed.failure?.message);
  if (end?.workflowExecutionCanceledEventAttributes) return 'cancelled';
  return end?.workflowExecutionTimedOutEventAttributes ? 'timed out' : 'ended';
}

function said(how: string, why: string | null | undefined): string {
  return plainText(why ? `${how}: ${why}` : how, REASON_LIMIT);
}
