import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { IncidentListRow } from '../contracts/api.js';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.js';

const MAX_ROWS = 500;

/** Open or closed incidents, the most urgent first; at most 500. */
export async function listIncidents(client: Client, which: 'open' | 'closed'): Promise<IncidentListRow[]> {
  const rows: IncidentListRow[] = [];
  const query = `WorkflowType = 'incidentResponse' AND ExecutionStatus ${which === 'closed' ? '!=' : '='} 'Running'`;
  for await (const info of client.workflow.list({ query })) {
    // A run that was continued is not a closed incident.
    if (info.status.name !== 'CONTINUED_AS_NEW') rows.push(rowOf(info));
    if (rows.length === MAX_ROWS) break;
  }
  return rows.sort((a, b) => compare(a.clock, b.clock) || compare(a.nextDeadline ?? '9', b.nextDeadline ?? '9'));
}

function rowOf({ workflowId, typedSearchAttributes: attributes }: WorkflowExecutionInfo): IncidentListRow {
  return {
    incidentId: attributes.get(SEARCH_ATTRIBUTES.incidentId) ?? workflowId,
    workflowId,
    severity: attributes.get(SEARCH_ATTRIBUTES.severity) ?? '',
    phase: attributes.get(SEARCH_ATTRIBUTES.phase) ?? '',
    clock: attributes.get(SEARCH_ATTRIBUTES.clock) ?? '',
    waitingFor: attributes.get(SEARCH_ATTRIBUTES.waitingFor) ?? '',
    owner: attributes.get(SEARCH_ATTRIBUTES.owner) ?? '',
    containment: attributes.get(SEARCH_ATTRIBUTES.containment) ?? '',
    nextDeadline: attributes.get(SEARCH_ATTRIBUTES.nextDeadline)?.toISOString() ?? null,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
