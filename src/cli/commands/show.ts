import { InvalidArgumentError, type Command } from 'commander';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { stateOf } from '../gateway.js';
import { incidentLines } from '../incident-view.js';

const DEFAULT_JOURNAL_LINES = 20;

/** One incident: steps, principals, open tasks with the commands that answer them, journal. */
export function showCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command(
    'show',
    'show one incident: steps, principals, open tasks with their commands, journal',
    'tourniquet show INC-20260301-7K2M9QXD',
  )
    .argument('<incident>', 'INC-… or workflow id')
    .option('--journal <lines>', 'newest journal lines to print', wholeNumber, DEFAULT_JOURNAL_LINES)
    .option('--json', 'print the whole state as one JSON line')
    .action(async (incident: string, options: { journal: number; json?: boolean }) => {
      const state = await stateOf(context, incident);
      if (options.json === true) context.output.json(state);
      else for (const line of incidentLines(state, context.now(), options.journal)) context.output.line(line);
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
