import type { WorkflowClient } from '@temporalio/client';
import { type SearchAttributePair, WorkflowNotFoundError } from '@temporalio/common';
import type { Alert, IntakeInput } from '../../src/contracts/alert.js';
import type { IncidentInput } from '../../src/contracts/incident.js';
import { alertReceivedSignal } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { lockOf, type Resolution } from '../../src/contracts/principal.js';
import { SEARCH_ATTRIBUTES as SA } from '../../src/contracts/search-attributes.js';
import { summaryLine } from '../../src/domain/engine/summary.js';
import { DAY_MS, toInstant, toMs } from '../../src/domain/engine/time.js';

export interface OpenIncidentDeps {
  readonly client: Pick<WorkflowClient, 'getHandle' | 'signalWithStart'>;
  /** Playbook of a new incident. */
  readonly playbookId: string;
}

export type OpenIncidentInput = IntakeInput & { resolution: Resolution };
export interface OpenIncidentResult {
  workflowId: string;
  incidentId: string;
  opened: boolean;
}

/**
 * Delivers an alert to the incident of its principal, and opens that incident where none runs (signal-with-start on the lock).
 *
 * Idempotent: a retry signals again, and the incident knows the alert by its key. `incidentId` is dropped when an
 * incident was already open; the result names the one that holds the lock.
 */
export function createOpenIncident({ client, playbookId }: OpenIncidentDeps): (input: OpenIncidentInput) => Promise<OpenIncidentResult> {
  return async (input) => {
    const { alert, incidentId, resolution } = input;
    const workflowId = lockOf(resolution);
    const previous = await held(client, workflowId);
    const start: IncidentInput = {
      incidentId,
      playbookId,
      openedAt: alert.receivedAt,
      clockStartAt: clockStart(alert),
      ...(previous === undefined || previous.running || previous.incidentId === incidentId
        ? {}
        : { previousIncidentId: previous.incidentId }),
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

async function held(client: OpenIncidentDeps['client'], workflowId: string): Promise<{ incidentId: string; running: boolean } | undefined> {
  try {
    const described = await client.getHandle(workflowId).describe();
    const incidentId = described.typedSearchAttributes.get(SA.incidentId);
    return incidentId === undefined ? undefined : { incidentId, running: described.status.name === 'RUNNING' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
