import type { Command } from 'commander';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { alertParseCommand } from './alert-parse.js';
import { alertSendCommand } from './alert-send.js';

/** Alerts by file. */
export function alertCommand(context: CliContext, setExitCode: SetExitCode): Command {
  return command('alert', 'read or send alerts', 'tourniquet alert parse --file finding.json')
    .addCommand(alertParseCommand(context, setExitCode))
    .addCommand(alertSendCommand(context, setExitCode));
}
