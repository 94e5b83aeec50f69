import type { WorkflowClient, WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { WorkflowType } from '../../src/contracts/names.js';
import type { StrandedResult, StrandedRun } from '../../src/contracts/reconcile.js';
import { SEARCH_ATTRIBUTES as SA } from '../../src/contracts/search-attributes.js';
import { DAY_MS, HOUR_MS, toInstant } from '../../src/domain/engine/time.js';
import { endOf } from './end-of-run.js';

/** What must never end before its work has. */
const KEPT: readonly WorkflowType[] = ['incidentResponse', 'containPrincipal', 'followUp'];
const ENDED_BADLY = ['Terminated', 'Failed', 'Canceled', 'TimedOut'] as const;
/** Longer ago it was somebody's decision, or nobody's concern any more. */
const LOOK_BACK_MS = 7 * DAY_MS;
/** Runs read from visibility, newest end first, and runs brought back in one round: the next round is five minutes away. */
const MAX_LISTED = 1_000;
const MAX_PER_ROUND = 50;
/** A run that is brought back and ends again is a fault that needs a person; so often it is tried. */
const RESETS_PER_HOUR = 3;
const RESETS_PER_DAY = 10;
const AT_ONCE = 10;

export interface FindStrandedDeps {
  readonly client: Pick<WorkflowClient, 'getHandle' | 'list' | 'workflowService' | 'options'>;
  readonly nowMs: () => number;
}

/**
 * Finds incidents, containments and follow-ups whose last run was terminated, failed, was cancelled or timed out in the last
 * seven days. A run that another one followed (brought back, opened anew, adopted) is left out, and so is what was
 * completed. Reads only.
 */
export function createFindStranded({ client, nowMs }: FindStrandedDeps): () => Promise<StrandedResult> {
  return async () => {
    const ended = await listEnded(client, nowMs() - LOOK_BACK_MS);
    const newest = [...new Map(ended.toReversed().map((run) => [run.workflowId, run])).values()].toReversed();
    const stranded: WorkflowExecutionInfo[] = [];
    for (let at = 0; at < newest.length; at += AT_ONCE) {
      const some = newest.slice(at, at + AT_ONCE);
      const last = await Promise.all(some.map((run) => isLastRun(client, run)));
      stranded.push(...some.filter((_, index) => last[index] === true));
    }
    const runs = await Promise.all(stranded.slice(0, MAX_PER_ROUND).map((run) => describe(client, run, { ended, nowMs: nowMs() })));
    return { runs, more: Math.max(0, stranded.length - MAX_PER_ROUND) };
  };
}

async function listEnded(client: FindStrandedDeps['client'], sinceMs: number): Promise<WorkflowExecutionInfo[]> {
  const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  const query = `WorkflowType IN (${quoted(KEPT)}) AND ExecutionStatus IN (${quoted(ENDED_BADLY)}) AND CloseTime > '${toInstant(sinceMs)}'`;
  const ended: WorkflowExecutionInfo[] = [];
  for await (const info of client.list({ query })) {
    ended.push(info);
    if (ended.length === MAX_LISTED) break;
  }
  return ended.toSorted((a, b) => closedMs(b) - closedMs(a));
}

/** Asks Temporal itself, not visibility, which is a moment behind. */
async function isLastRun(client: FindStrandedDeps['client'], { workflowId, runId }: WorkflowExecutionInfo): Promise<boolean> {
  try {
    return (await client.getHandle(workflowId).describe()).runId === runId;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false; // deleted: nothing is left to bring back
    throw error;
  }
}

async function describe(
  client: FindStrandedDeps['client'],
  run: WorkflowExecutionInfo,
  { ended, nowMs }: { ended: readonly WorkflowExecutionInfo[]; nowMs: number },
): Promise<StrandedRun> {
  const { workflowId, runId, type: workflowType, typedSearchAttributes } = run;
  const ends = (withinMs: number): number =>
    ended.filter((other) => other.workflowId === workflowId && closedMs(other) > nowMs - withinMs).length;
  const [hour, day] = [ends(HOUR_MS), ends(DAY_MS)];
  const tooOften =
    hour > RESETS_PER_HOUR ? `it ended ${hour} times in an hour` : day > RESETS_PER_DAY ? `it ended ${day} times in a day` : undefined;
  return {
    workflowId,
    runId,
    workflowType,
    incidentId: typedSearchAttributes.get(SA.incidentId) ?? '',
    how: await endOf(client, run),
    closedAt: toInstant(closedMs(run)),
    ...(tooOften === undefined ? {} : { tooOften }),
  };
}

function closedMs({ closeTime }: WorkflowExecutionInfo): number {
  return closeTime?.getTime() ?? 0;
}
