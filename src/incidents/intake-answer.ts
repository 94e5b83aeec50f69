import { IntakeResult } from '../contracts/alert.js';
import type { IntakeAnswer } from '../contracts/api.js';
import type { Intake } from '../ingest/receive.js';
import type { Session } from './session.js';

/** One alert that Temporal has, with its outcome where that is waited for and known in time. */
export async function intakeAnswer(session: Session, intake: Intake, waitSeconds: number): Promise<IntakeAnswer> {
  const { workflowId, duplicate, alert } = intake;
  const outcome = waitSeconds === 0 ? undefined : await outcomeOf(session, workflowId, waitSeconds * 1_000);
  return { workflowId, duplicate, alertId: alert.alertId, disposition: alert.disposition, outcome: outcome ?? null };
}

/** Undefined when it is not known in time: Temporal has the alert, only the answer is late. */
async function outcomeOf({ client, connection }: Session, workflowId: string, withinMs: number): Promise<IntakeResult | undefined> {
  try {
    const result: unknown = await connection.withDeadline(Date.now() + withinMs, () => client.workflow.result(workflowId));
    return IntakeResult.parse(result);
  } catch {
    return undefined;
  }
}
