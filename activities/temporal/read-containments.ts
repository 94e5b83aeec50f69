import type { WorkflowClient } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { ContainmentState } from '../../src/contracts/containment.js';
import { containmentQuery } from '../../src/contracts/messages.js';
import type { WorkflowType } from '../../src/contracts/names.js';

const CONTAINMENT: WorkflowType = 'containPrincipal';
const MAX_OPEN = 500;
const AT_ONCE = 10;
/** A query needs a worker that has the workflow at hand or replays it. */
const ANSWER_WITHIN_MS = 10_000;

/** Containments as they say themselves that they are. */
export interface Containments {
  /** Every open one. */
  readonly open: () => Promise<ContainmentState[]>;
  /** The last one of this id, open or not; undefined when Temporal knows none. */
  readonly last: (containmentId: string) => Promise<{ open: boolean; state: ContainmentState } | undefined>;
}

/**
 * Reads containments by query.
 *
 * @throws any failure of a query: an open containment that does not answer must not pass for one that is not there.
 */
export function createReadContainments(client: Pick<WorkflowClient, 'getHandle' | 'list' | 'withDeadline'>): Containments {
  const ask = (workflowId: string): Promise<ContainmentState> =>
    client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => client.getHandle(workflowId).query(containmentQuery));
  return {
    async open() {
      const ids: string[] = [];
      for await (const { workflowId } of client.list({ query: `WorkflowType = '${CONTAINMENT}' AND ExecutionStatus = 'Running'` })) {
        ids.push(workflowId);
        if (ids.length === MAX_OPEN) break;
      }
      const states: ContainmentState[] = [];
      for (let at = 0; at < ids.length; at += AT_ONCE) states.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map(ask))));
      return states;
    },
    async last(containmentId) {
      try {
        const { status } = await client.getHandle(containmentId).describe();
        return { open: status.name === 'RUNNING', state: await ask(containmentId) };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
  };
}
