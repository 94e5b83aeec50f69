import type { Command } from 'commander';
import type { IncidentListRow } from '../../contracts/api.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { countdown } from '../../incidents/durations.js';
import { listIncidentsOf } from '../gateway.js';
import { tableLines } from '../output.js';

const HEAD = ['incident', 'severity', 'phase', 'clock', 'waiting for', 'owner', 'containment', 'next deadline'];

/** Open incidents, the most urgent first. */
export function listCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command('list', 'list open incidents, the most urgent first', 'tourniquet list --json')
    .option('--closed', 'closed incidents instead')
    .option('--json', 'print one JSON line per incident')
    .action(async (options: { closed?: boolean; json?: boolean }) => {
      const rows = await listIncidentsOf(context, options.closed === true ? 'closed' : 'open');
      if (options.json === true) for (const row of rows) context.output.json(row);
      else for (const line of incidentTable(rows, context.now())) context.output.line(line);
    });
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
