import type { Command } from 'commander';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { countdown } from '../durations.js';
import { tableLines } from '../output.js';

const HEAD = ['incident', 'severity', 'phase', 'clock', 'waiting for', 'owner', 'containment', 'next deadline'];
const MAX_ROWS = 500;

/** One incident as the list shows it. */
export interface IncidentListRow {
  readonly incidentId: string;
  readonly workflowId: string;
  readonly severity: string;
  readonly phase: string;
  readonly clock: string;
  readonly waitingFor: string;
  readonly owner: string;
  readonly containment: string;
  readonly nextDeadline: string | null;
}

/** Open incidents, the most urgent first. */
export function listCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command('list', 'list open incidents, the most urgent first', 'tourniquet list --json')
    .option('--closed', 'closed incidents instead')
    .option('--json', 'print one JSON line per incident')
    .action(async (options: { closed?: boolean; json?: boolean }) => {
      const rows = await context.withTemporal(({ client }) => listIncidents(client, options.closed === true ? 'closed' : 'open'));
      if (options.json === true) for (const row of rows) context.output.json(row);
      else for (const line of incidentTable(rows, context.now())) context.output.line(line);
    });
}

/** Open or closed incidents, the most urgent first. */
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

/** The list as lines for a terminal; cells are encoded. */
export function incidentTable(rows: readonly IncidentListRow[], now: Date): string[] {
  if (rows.length === 0) return ['no incidents'];
  const deadline = (at: string | null): string =>
    at === null ? '–' : `${at.slice(0, 16).replace('T', ' ')} UTC (${countdown(new Date(at), now)})`;
  const cells = rows.map((row) => [
    row.incidentId,
    row.severity,
    row.phase,
    row.clock,
    row.waitingFor,
    row.owner,
    row.containment,
    deadline(row.nextDeadline),
  ]);
  return tableLines([HEAD, ...cells]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
