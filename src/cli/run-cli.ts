import { CommanderError, type Command } from 'commander';
import { Refusal } from '../incidents/refusal.js';
import { EXIT, exitCodeOf } from './cli-error.js';
import type { CliContext } from './context.js';
import { buildProgram } from './program.js';

const WELL_ENDED = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** Runs one command line (without node and script). Never throws; returns the exit code: 0 ok, 1 failed or refused, 2 bad input. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program: Command = buildProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, context);
  }
}

function report(error: unknown, { output }: CliContext): number {
  // Commander has printed its own message by now.
  if (error instanceof CommanderError) return WELL_ENDED.has(error.code) ? EXIT.ok : EXIT.usage;
  output.error(oneLine(error));
  return error instanceof Refusal ? exitCodeOf(error) : EXIT.failed;
}

/** The innermost message tells most: gRPC and Temporal wrap their causes. */
function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const cause = error.cause instanceof Error && error.cause.message !== '' ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.replace(/\s*\n\s*/g, ' ');
}
