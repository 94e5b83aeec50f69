import { ApplicationFailure } from '@temporalio/common';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { permanent } from '../../contracts/failures.js';
import { scpUpdate } from '../../contracts/messages.js';
import { MAIN_TASK_QUEUE, quarantineScpId } from '../../contracts/names.js';
import { type ScpChange, ScpOutcome } from '../../contracts/quarantine-scp.js';
import type { QuarantineScps } from '../../ports/quarantine-scps.js';

/** Reading, changing and writing the policy, behind whatever else is being written. */
const ANSWER_WITHIN_MS = 12_000;

export interface QuarantineScpsDeps {
  readonly client: Client;
  /** Prepared policies, in the order they are filled. */
  readonly policyIds: () => Promise<readonly string[]>;
  readonly contents: QuarantineScps['contents'];
}

/** The quarantine SCPs through their writers, one workflow each; a writer that does not run yet is started. */
export function createQuarantineScps({ client, policyIds, contents }: QuarantineScpsDeps): QuarantineScps {
  const ask = (policyId: string, change: ScpChange): Promise<ScpOutcome> => sendChange(client, policyId, change);
  return {
    contents,
    change: async (change, policyId) => (policyId === undefined ? addWhereRoom(await policyIds(), change, ask) : ask(policyId, change)),
  };
}

/** Adds to the first policy with room. @throws QuotaExceeded, permanent */
export async function addWhereRoom(
  policyIds: readonly string[],
  change: ScpChange,
  ask: (policyId: string, change: ScpChange) => Promise<ScpOutcome>,
): Promise<ScpOutcome> {
  const full: string[] = [];
  for (const policyId of policyIds) {
    const outcome = await ask(policyId, change);
    if (outcome.result !== 'full') return outcome;
    full.push(`${policyId} (${outcome.detail})`);
  }
  throw permanent('QuotaExceeded', `no quarantine SCP has room for the entry: ${full.join(', ') || 'none is prepared'}`);
}

async function sendChange(client: Client, policyId: string, change: ScpChange): Promise<ScpOutcome> {
  const startWorkflowOperation = new WithStartWorkflowOperation('quarantineScp', {
    workflowId: quarantineScpId(policyId),
    taskQueue: MAIN_TASK_QUEUE,
    args: [{ policyId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `Quarantine SCP ${policyId}: its only writer`,
  });
  try {
    const answer = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      client.workflow.executeUpdateWithStart(scpUpdate, { args: [change], startWorkflowOperation }),
    );
    return ScpOutcome.parse(answer);
  } catch (error) {
    throw reasonOf(error);
  }
}

/** What AWS said to the writer, out of the wrappers of update and activity. */
function reasonOf(error: unknown): unknown {
  for (let current = error; current instanceof Error; current = current.cause) if (current instanceof ApplicationFailure) return current;
  return error;
}
