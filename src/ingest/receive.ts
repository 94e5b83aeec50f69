import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Alert, IntakeInput, UnsignedAlert } from '../contracts/alert.js';
import type { ParseSettings } from '../contracts/detection.js';
import { MAIN_TASK_QUEUE, type WorkflowType } from '../contracts/names.js';
import type { Authority } from '../ports/authority.js';
import type { RejectedStore } from '../ports/rejected-store.js';
import { mintIncidentId } from '../domain/alerts/incident-id.js';
import { intakeId } from '../domain/alerts/intake-id.js';
import { parseMessage } from './parse-message.js';
import { rejectedMessage } from './rejected-message.js';

export interface ReceiveDeps {
  readonly authority: Pick<Authority, 'signReceipt'>;
  readonly rejected: RejectedStore;
  readonly client: Client;
  readonly now: () => Date;
  /** What `sources.yaml` and `detection-rules.yaml` say now, and under whose name the message came in. @default built-in sources alone */
  readonly settings?: () => Promise<ParseSettings>;
}

/** One alert handed to Temporal. `duplicate`: this very body had been received before, nothing was started. */
export interface Intake {
  readonly workflowId: string;
  readonly duplicate: boolean;
  readonly alert: UnsignedAlert;
}

export type Received =
  | { readonly accepted: true; readonly intakes: readonly Intake[] }
  | { readonly accepted: false; readonly reason: string };

const INTAKE: WorkflowType = 'alertIntake';

/**
 * Takes in one message of an authenticated source: parse, sign the receipt, hand each alert to Temporal.
 * Returns only after Temporal has them all, so the caller may then acknowledge the delivery. Idempotent: a
 * re-delivery starts nothing. A message that is no alert is kept with the reason.
 */
export async function receiveAlert(message: string, deps: ReceiveDeps): Promise<Received> {
  const now = deps.now();
  const parsed = parseMessage(message, now.toISOString(), await deps.settings?.());
  const keep = (reason: string): Promise<void> => deps.rejected.put(rejectedMessage(message, { reason, at: now }));
  if (!parsed.accepted) {
    await keep(parsed.reason);
    return parsed;
  }
  const intakes: Intake[] = [];
  // In order: the first actor of an attack sequence opens the incident.
  for (const alert of parsed.alerts) intakes.push(await startIntake(await deps.authority.signReceipt(alert), deps.client, now));
  // Parts of a batch that are no alerts: said once, the rest goes on.
  if (parsed.rejected.length > 0)
    await keep(`parts that are no alerts: ${parsed.rejected.length}; ${[...new Set(parsed.rejected)].join('; ')}`.slice(0, 500));
  return { accepted: true, intakes };
}

async function startIntake(alert: Alert, client: Client, now: Date): Promise<Intake> {
  const workflowId = intakeId(alert);
  const input: IntakeInput = { alert, incidentId: mintIncidentId(now) };
  try {
    await client.workflow.start(INTAKE, {
      taskQueue: MAIN_TASK_QUEUE,
      workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `${alert.source} · ${alert.severity} · ${alert.title}`.slice(0, 200),
      args: [input],
    });
    return { workflowId, duplicate: false, alert };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { workflowId, duplicate: true, alert };
  }
}
