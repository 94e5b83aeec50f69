import type { Client } from '@temporalio/client';
import type { IncidentState } from '../../contracts/incident.js';
import { incidentQuery } from '../../contracts/messages.js';
import { HISTORY_BUDGETS } from '../../drill/history-sizes.js';

/** What a storm has become. */
export interface StormOutcome {
  readonly incidents: number;
  /** Alerts that no incident knows. */
  readonly lost: number;
  /** One line each: too many incidents of a user, a history over its budget. */
  readonly problems: readonly string[];
}

/** Counts what the incidents know. Each history must be within its budget. */
export async function outcomeOf(client: Client, alertsOf: ReadonlyMap<string, number>): Promise<StormOutcome> {
  const known = new Map<string, number>();
  const problems: string[] = [];
  let incidents = 0;
  for await (const { workflowId } of client.workflow.list({ query: "WorkflowType = 'incidentResponse' AND ExecutionStatus = 'Running'" })) {
    incidents += 1;
    const handle = client.workflow.getHandle(workflowId);
    const state: IncidentState = await handle.query(incidentQuery);
    const name = state.principals[0]?.name ?? workflowId;
    if (known.has(name)) problems.push(`${name} has two incidents`);
    known.set(name, state.alerts.total);
    const { historyLength, historySize = 0 } = await handle.describe();
    const { budgetEvents, budgetBytes } = HISTORY_BUDGETS.incident;
    if (historyLength > budgetEvents || historySize > budgetBytes)
      problems.push(`${workflowId} has ${historyLength} events and ${historySize} bytes`);
  }
  const lost = [...alertsOf].reduce((sum, [name, sent]) => sum + Math.max(0, sent - (known.get(name) ?? 0)), 0);
  for (const [name, sent] of alertsOf)
    if ((known.get(name) ?? 0) > sent) problems.push(`${name} counts ${known.get(name)} of ${sent} alerts`);
  return { incidents, lost, problems };
}
