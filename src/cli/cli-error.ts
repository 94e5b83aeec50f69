import { Refusal } from '../incidents/refusal.js';

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Ends a command with one line on stderr. */
export class CliError extends Refusal {
  override readonly name = 'CliError';

  constructor(message: string, exitCode: 1 | 2 = EXIT.failed) {
    super(exitCode === EXIT.usage ? 'badRequest' : 'failed', message);
  }
}

/** The exit code that a refusal ends a command with. */
export function exitCodeOf({ kind }: Refusal): 1 | 2 {
  return kind === 'badRequest' ? EXIT.usage : EXIT.failed;
}
