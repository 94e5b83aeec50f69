import { defaultPayloadConverter } from '@temporalio/common';
import type { Stage } from './stage.js';

/** What Temporal UI shows as the current details of a workflow. */
export async function pageOf({ session }: Stage, workflowId: string): Promise<string> {
  const { queryResult } = await session.connection.workflowService.queryWorkflow({
    namespace: session.namespace,
    execution: { workflowId },
    query: { queryType: '__temporal_workflow_metadata' },
  });
  const [payload] = queryResult?.payloads ?? [];
  if (payload === undefined) throw new Error(`${workflowId} has no details`);
  const { currentDetails } = defaultPayloadConverter.fromPayload<{ currentDetails?: string }>(payload);
  return currentDetails ?? '';
}
