import { IntakeResult } from '../contracts/alert.js';
import { receiveAlert, type Intake } from '../ingest/receive.js';
import { CliError, EXIT } from './cli-error.js';
import type { CliContext, Session } from './context.js';
import { receiveDeps } from './dependencies.js';
import { terminalText } from './terminal-text.js';

/** Resolving has 60 s, delivery usually a moment (design 10). */
const OUTCOME_WITHIN_MS = 90_000;

export interface ReceiveOptions {
  readonly json?: boolean;
  readonly wait: boolean;
}

/** Hands one message to Temporal and prints what became of each alert. */
export async function receiveAndReport(
  message: string,
  options: ReceiveOptions,
  use: { context: CliContext; session: Session },
): Promise<void> {
  const { context, session } = use;
  const received = await receiveAlert(message, await receiveDeps(context, session));
  if (!received.accepted) throw new CliError(`not an alert: ${received.reason}`, EXIT.usage);
  for (const intake of received.intakes) {
    const outcome = options.wait ? await outcomeOf(session, intake.workflowId) : undefined;
    if (options.json === true) context.output.json(jsonOf(intake, outcome));
    else context.output.line(lineOf(intake, outcome));
  }
}

async function outcomeOf({ client, connection }: Session, workflowId: string): Promise<IntakeResult | undefined> {
  try {
    const result: unknown = await connection.withDeadline(Date.now() + OUTCOME_WITHIN_MS, () => client.workflow.result(workflowId));
    return IntakeResult.parse(result);
  } catch {
    // Temporal has the alert; only the answer is late.
    return undefined;
  }
}

function jsonOf(intake: Intake, outcome: IntakeResult | undefined): Record<string, unknown> {
  const { workflowId, duplicate, alert } = intake;
  return { workflowId, duplicate, alertId: alert.alertId, disposition: alert.disposition, outcome: outcome ?? null };
}

function lineOf({ workflowId, duplicate, alert }: Intake, outcome: IntakeResult | undefined): string {
  const known = duplicate ? 'received before' : 'received';
  const then =
    outcome === undefined ? `${alert.disposition} (no outcome yet)` : `${outcome.outcome} ${outcome.incidentId ?? ''} · ${outcome.reason}`;
  return terminalText(`${known}: ${workflowId} → ${then}`);
}
