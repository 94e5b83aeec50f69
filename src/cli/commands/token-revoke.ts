import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { localTokens } from '../dependencies.js';
import { terminalText } from '../terminal-text.js';

/** Revokes a token: the next request with it is refused. */
export function tokenRevokeCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command('revoke', 'revoke a token; holds at once', 'tourniquet token revoke 3fa91c02')
    .argument('<id>', 'id of `token list`')
    .action(async (id: string) => {
      const known = await localTokens(context.env()).revoke(id, context.now().toISOString());
      if (!known) throw new CliError(`there is no token ${id}`);
      context.output.line(terminalText(`${id} is revoked`));
    });
}
