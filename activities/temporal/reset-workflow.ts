import type { WorkflowClient } from '@temporalio/client';
import { parsePayload, transient } from '../../src/contracts/failures.js';
import { type ResetResult, StrandedRun } from '../../src/contracts/reconcile.js';

export interface ResetWorkflowDeps {
  readonly client: Pick<WorkflowClient, 'getHandle' | 'workflowService' | 'options'>;
}

/**
 * Brings a run back: resets it to its last completed workflow task, signals and updates that came later applied again. Its
 * exact state returns, and children, which outlive it, go on. Undoes nothing and answers nothing.
 *
 * Idempotent: the request id follows from the run id, and a workflow that has a later run is left alone.
 *
 * @throws InvalidPayload, permanent: not a `StrandedRun`.
 * @throws UpstreamUnavailable, transient: the reset was accepted, but its run is not there.
 */
export function createResetWorkflow({ client }: ResetWorkflowDeps): (input: StrandedRun) => Promise<ResetResult> {
  const currentRun = async (workflowId: string): Promise<string> => (await client.getHandle(workflowId).describe()).runId;
  return async (raw) => {
    const { workflowId, runId, how } = parsePayload(StrandedRun, raw, 'stranded run');
    const current = await currentRun(workflowId);
    if (current !== runId) return { reset: true, runId: current };
    const { events } = await client.getHandle(workflowId, runId).fetchHistory();
    const last = events?.findLast((event) => (event.workflowTaskCompletedEventAttributes ?? undefined) !== undefined);
    const workflowTaskFinishEventId = last?.eventId ?? undefined;
    if (workflowTaskFinishEventId === undefined) return { reset: false, why: 'it ended before its first workflow task: it has no state' };
    const { runId: newRunId } = await client.workflowService.resetWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
      workflowTaskFinishEventId,
      requestId: `reconcile-${runId}`,
      reason: `reconcile: ${how}`,
    });
    if ((await currentRun(workflowId)) !== newRunId)
      throw transient('UpstreamUnavailable', `${workflowId} was reset, but run ${newRunId} is not its last one`);
    return { reset: true, runId: newRunId };
  };
}
