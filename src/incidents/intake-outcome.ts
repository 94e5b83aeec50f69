import { IntakeResult } from '../contracts/alert.js';
import type { Session } from './session.js';

/** What became of an alert, or undefined when that is not known in time: Temporal has the alert, only the answer is late. */
export async function intakeOutcome(
  { client, connection }: Session,
  workflowId: string,
  withinMs: number,
): Promise<IntakeResult | undefined> {
  try {
    const result: unknown = await connection.withDeadline(Date.now() + withinMs, () => client.workflow.result(workflowId));
    return IntakeResult.parse(result);
  } catch {
    return undefined;
  }
}
