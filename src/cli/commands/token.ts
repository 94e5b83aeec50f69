import type { Command } from 'commander';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { tokenCreateCommand } from './token-create.js';
import { tokenListCommand } from './token-list.js';
import { tokenRevokeCommand } from './token-revoke.js';

/** Tokens of the API for people and senders without an identity provider. */
export function tokenCommand(context: CliContext, setExitCode: SetExitCode): Command {
  return command('token', 'tokens of the HTTP API', 'tourniquet token create lea --role approver')
    .addCommand(tokenCreateCommand(context, setExitCode))
    .addCommand(tokenListCommand(context, setExitCode))
    .addCommand(tokenRevokeCommand(context, setExitCode));
}
