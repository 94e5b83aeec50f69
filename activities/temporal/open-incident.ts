import type { WorkflowClient } from '@temporalio/client';
import { type SearchAttributePair, WorkflowNotFoundError } from '@temporalio/common';
import type { Alert, IntakeInput, OpenIncidentResult } from '../../src/contracts/alert.js';
import type { IncidentInput } from '../../src/contracts/incident.js';
import { alertReceivedSignal } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import type { IntakePolicy } from '../../src/contracts/policies.js';
import { lockOf, type Resolution } from '../../src/contracts/principal.js';
import { SEARCH_ATTRIBUTES as SA } from '../../src/contracts/search-attributes.js';
import { summaryLine } from '../../src/domain/engine/summary.js';
import { DAY_MS, HOUR_MS, toInstant, toMs } from '../../src/domain/engine/time.js';
import { attachedLine, noNews } from '../../src/domain/record/no-news.js';
import type { RecordStore } from '../../src/ports/record-store.js';

export interface OpenIncidentDeps {
  readonly client: Pick<WorkflowClient, 'getHandle' | 'signalWithStart'>;
  readonly records: RecordStore;
  readonly intake: () => Promise<IntakePolicy>;
  /** Playbook of a new incident. */
  readonly playbookId: string;
}

export type OpenIncidentInput = IntakeInput & { resolution: Resolution };
/**
 * Delivers an alert to the incident of its principal, and opens that incident where none runs (signal-with-start on the lock).
 * One that closed a short time ago is named in the new one; an alert that tells nothing new of it is kept in its journal and
 * opens nothing (design 10).
 *
 * Idempotent: a retry signals again, and the incident knows the alert by its key. `incidentId` is dropped when an
 * incident was already open; the result names the one that holds the lock.
 *
 * @throws PlaybookInvalid, permanent: `intake.yaml` cannot be read.
 */
export function createOpenIncident({
  client,
  playbookId,
  records,
  intake,
}: OpenIncidentDeps): (input: OpenIncidentInput) => Promise<OpenIncidentResult> {
  return async (input) => {
    const { alert, incidentId, resolution } = input;
    const workflowId = lockOf(resolution);
    const before = await held(client, workflowId);
    const previous = before?.incidentId === incidentId ? undefined : await recentlyClosed(before, { alert, intake });
    const attached = previous && noNews(alert, await records.getRecord(previous.incidentId));
    if (previous !== undefined && attached !== undefined) {
      await records.appendJournal(previous.incidentId, [attachedLine(alert, attached)]);
      return { workflowId, incidentId: previous.incidentId, opened: false, attached };
    }
    const start: IncidentInput = {
      incidentId,
      playbookId,
      openedAt: alert.receivedAt,
      clockStartAt: clockStart(alert),
      ...(previous === undefined ? {} : { previousIncidentId: previous.incidentId }),
    };
    await client.signalWithStart('incidentResponse', {
      workflowId,
      taskQueue: MAIN_TASK_QUEUE,
      args: [start],
      signal: alertReceivedSignal,
      signalArgs: [alert, resolution],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: summaryLine(alert.severity, alert, resolution),
      typedSearchAttributes: firstAttributes(input, start),
    });
    const holder = (await held(client, workflowId))?.incidentId ?? incidentId;
    return { workflowId, incidentId: holder, opened: holder === incidentId };
  };
}

/** Clocks start at detection, but not more than a day before receipt (design 6), nor after it. */
function clockStart({ detectedAt, receivedAt }: Alert): string {
  const receivedMs = toMs(receivedAt);
  return toInstant(Math.min(receivedMs, Math.max(toMs(detectedAt), receivedMs - DAY_MS)));
}

function firstAttributes({ alert, incidentId, resolution }: OpenIncidentInput, start: IncidentInput): SearchAttributePair[] {
  const account = resolution.found ? resolution.principal.account : alert.account;
  return [
    { key: SA.incidentId, value: incidentId },
    { key: SA.severity, value: alert.severity },
    { key: SA.phase, value: 'triage' },
    { key: SA.clock, value: '3-on-track' },
    { key: SA.detectedAt, value: new Date(start.clockStartAt) },
    ...(account === undefined ? [] : [{ key: SA.account, value: account }]),
    ...(resolution.found ? [{ key: SA.principals, value: [resolution.principal.name] }] : []),
  ];
}

interface Held {
  readonly incidentId: string;
  /** Undefined while it runs. */
  readonly closedAt: Date | undefined;
}

/** The incident that held the lock until a short time ago. */
async function recentlyClosed(
  before: Held | undefined,
  { alert, intake }: { alert: Alert } & Pick<OpenIncidentDeps, 'intake'>,
): Promise<Held | undefined> {
  if (before?.closedAt === undefined) return undefined;
  const { reopenWithinHours } = await intake();
  return toMs(alert.receivedAt) - before.closedAt.getTime() <= reopenWithinHours * HOUR_MS ? before : undefined;
}

async function held(client: OpenIncidentDeps['client'], workflowId: string): Promise<Held | undefined> {
  try {
    const described = await client.getHandle(workflowId).describe();
    const incidentId = described.typedSearchAttributes.get(SA.incidentId);
    return incidentId === undefined ? undefined : { incidentId, closedAt: described.closeTime };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
