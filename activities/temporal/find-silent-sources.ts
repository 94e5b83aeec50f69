import type { WorkflowClient, WorkflowExecutionInfo } from '@temporalio/client';
import type { WorkflowType } from '../../src/contracts/names.js';
import type { IntakePolicy } from '../../src/contracts/policies.js';
import type { ReconcileFinding } from '../../src/contracts/reconcile.js';
import { dateTime, HOUR_MS, toInstant } from '../../src/domain/engine/time.js';

const INTAKE: WorkflowType = 'alertIntake';

export interface FindSilentSourcesDeps {
  readonly client: Pick<WorkflowClient, 'list'>;
  readonly intake: () => Promise<IntakePolicy>;
  readonly nowMs: () => number;
}

/**
 * Finds sources of `intake.yaml` that used to speak and have fallen silent. Whether one has ever spoken is known as long as the
 * namespace keeps its intakes. Reads only.
 *
 * @throws PlaybookInvalid, permanent: `intake.yaml` cannot be read.
 */
export function createFindSilentSources({ client, intake, nowMs }: FindSilentSourcesDeps): () => Promise<ReconcileFinding[]> {
  return async () => {
    const { heartbeats } = await intake();
    const found = await Promise.all(
      heartbeats.map(async ({ source, silentAfterHours }) => {
        const since = toInstant(nowMs() - silentAfterHours * HOUR_MS);
        const of = `WorkflowType = '${INTAKE}' AND WorkflowId STARTS_WITH 'alert/${source}/'`;
        if ((await newest(client, `${of} AND StartTime > '${since}'`)) !== undefined) return undefined;
        const last = await newest(client, of);
        return last && silentFinding(source, { last, silentAfterHours });
      }),
    );
    return found.filter((finding) => finding !== undefined);
  };
}

/** Intakes end within minutes, so the newest end is the newest alert; one that still runs comes first. */
async function newest(client: FindSilentSourcesDeps['client'], query: string): Promise<WorkflowExecutionInfo | undefined> {
  for await (const info of client.list({ query, pageSize: 1 })) return info;
  return undefined;
}

function silentFinding(
  source: string,
  { last, silentAfterHours }: { last: WorkflowExecutionInfo; silentAfterHours: number },
): ReconcileFinding {
  const lastAt = dateTime(last.startTime.toISOString());
  return {
    key: `silentSource|${source}|${last.workflowId}`,
    kind: 'silentSource',
    incidentId: '',
    title: `${source} HAS FALLEN SILENT: its last alert came at ${lastAt}`,
    lines: [
      `no alert for more than ${silentAfterHours} h (intake.yaml): its rule, queue, webhook or secret may be broken`,
      'send a sample finding from the source and look whether it arrives; a sample opens no incident',
      `last: ${last.workflowId}`,
    ],
  };
}
