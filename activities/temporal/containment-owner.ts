import type { WorkflowClient } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { containmentQuery } from '../../src/contracts/messages.js';

export interface ContainmentOwnerDeps {
  readonly client: Pick<WorkflowClient, 'getHandle'>;
}

export interface ContainmentOwner {
  running: boolean;
  incidentId?: string;
  ownerWorkflowId?: string;
  ownerRunning: boolean;
}

/**
 * Says which incident holds a containment, and whether that incident still runs. Reads only: one query and two descriptions.
 */
export function createContainmentOwner({ client }: ContainmentOwnerDeps): (input: { containmentId: string }) => Promise<ContainmentOwner> {
  return async ({ containmentId }) => {
    if (!(await isRunning(client, containmentId))) return { running: false, ownerRunning: false };
    const { incidentId, ownerIncidentId, ownerWorkflowId } = await client.getHandle(containmentId).query(containmentQuery);
    return {
      running: true,
      incidentId: ownerIncidentId ?? incidentId,
      ownerWorkflowId,
      ownerRunning: await isRunning(client, ownerWorkflowId),
    };
  };
}

async function isRunning(client: ContainmentOwnerDeps['client'], workflowId: string): Promise<boolean> {
  try {
    return (await client.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
