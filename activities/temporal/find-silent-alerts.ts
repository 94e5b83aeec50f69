import type { WorkflowClient, WorkflowExecutionInfo } from '@temporalio/client';
import type { WorkflowType } from '../../src/contracts/names.js';
import type { ReconcileFinding } from '../../src/contracts/reconcile.js';
import { DAY_MS, MINUTE_MS, toInstant } from '../../src/domain/engine/time.js';
import { quote } from '../../src/domain/engine/containment-view.js';
import { endOf } from './end-of-run.js';

const INTAKE: WorkflowType = 'alertIntake';
/** Resolving has a minute and opening a moment: an alert without outcome after this is nobody's (design 7). */
const SILENT_AFTER_MS = 5 * MINUTE_MS;
const LOOK_BACK_MS = 7 * DAY_MS;
/** More than this is one fault, not many. */
const MAX_FOUND = 50;

export interface FindSilentAlertsDeps {
  readonly client: Pick<WorkflowClient, 'getHandle' | 'list' | 'workflowService' | 'options'>;
  readonly nowMs: () => number;
}

/**
 * Finds alerts that nobody acts on: intakes that are open for more than five minutes, and those that ended without an
 * outcome. Reads only.
 */
export function createFindSilentAlerts({ client, nowMs }: FindSilentAlertsDeps): () => Promise<ReconcileFinding[]> {
  return async () => {
    const [openBefore, endedAfter] = [toInstant(nowMs() - SILENT_AFTER_MS), toInstant(nowMs() - LOOK_BACK_MS)];
    const waiting = await list(client, `ExecutionStatus = 'Running' AND StartTime < '${openBefore}'`);
    const ended = await list(client, `ExecutionStatus IN ('Terminated', 'Failed', 'Canceled', 'TimedOut') AND CloseTime > '${endedAfter}'`);
    const found = await Promise.all([...waiting, ...ended].map((info) => findingOf(client, info, nowMs())));
    return found.filter((finding) => finding !== undefined);
  };
}

async function list(client: FindSilentAlertsDeps['client'], where: string): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.list({ query: `WorkflowType = '${INTAKE}' AND ${where}` })) {
    found.push(info);
    if (found.length === MAX_FOUND) break;
  }
  return found;
}

/** Visibility may be behind, and somebody may have brought the intake back: Temporal itself says where the last run stands. */
async function findingOf(
  client: FindSilentAlertsDeps['client'],
  { workflowId, runId, startTime }: WorkflowExecutionInfo,
  nowMs: number,
): Promise<ReconcileFinding | undefined> {
  const now = await client.getHandle(workflowId).describe();
  if (now.runId !== runId || now.status.name === 'COMPLETED') return undefined;
  const about = (await now.staticSummary()) ?? workflowId;
  const how = now.status.name === 'RUNNING' ? undefined : await endOf(client, { workflowId, runId });
  const minutes = Math.floor((nowMs - startTime.getTime()) / MINUTE_MS);
  return {
    key: `silentAlert|${workflowId}|${runId}|${how === undefined ? 'open' : 'ended'}`,
    kind: 'silentAlert',
    incidentId: '',
    title: how === undefined ? `An alert has no outcome after ${minutes} minutes: ${about}` : `An alert was lost on its way: ${about}`,
    lines: [
      `${workflowId} ${how ?? 'is still at work'}`,
      how === undefined
        ? 'no incident is open for it yet: does `tourniquet worker` run, and does it reach AWS?'
        : `to try again: temporal workflow reset --workflow-id ${quote(workflowId)} --type LastWorkflowTask --reason 'alert without outcome'`,
    ],
  };
}
