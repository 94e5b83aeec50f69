import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { GuardAnswer, type GuardRequest, type GuardState } from '../../contracts/guard.js';
import { guardQuery, guardUpdate } from '../../contracts/messages.js';
import { GUARD_WORKFLOW_ID, MAIN_TASK_QUEUE } from '../../contracts/names.js';
import type { Guard } from '../../ports/guard.js';

/** An update needs a live worker; past this the guard counts as unreachable and people decide. */
const ANSWER_WITHIN_MS = 5_000;

/** Sends one request to the guard, starting it with its defaults (observe, not stopped) when it does not run yet. */
export async function sendGuardRequest(client: Client, request: GuardRequest): Promise<GuardAnswer> {
  const startWorkflowOperation = new WithStartWorkflowOperation('responderGuard', {
    workflowId: GUARD_WORKFLOW_ID,
    taskQueue: MAIN_TASK_QUEUE,
    args: [{}],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'Responder guard: mode, stop and limits',
  });
  const answer = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
    client.workflow.executeUpdateWithStart(guardUpdate, {
      args: [request],
      startWorkflowOperation,
      ...('actId' in request ? { updateId: request.actId } : {}),
    }),
  );
  return GuardAnswer.parse(answer);
}

/** The guard over a Temporal client. */
export function createGuardClient(client: Client): Guard {
  return {
    ask: (request) => sendGuardRequest(client, { do: 'ask', ...request }),
    reserve: (request) => sendGuardRequest(client, { do: 'reserve', ...request }),
    async state(): Promise<GuardState> {
      const handle = client.workflow.getHandle(GUARD_WORKFLOW_ID);
      return client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => handle.query(guardQuery));
    },
  };
}
