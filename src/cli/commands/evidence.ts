import type { Command } from 'commander';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { evidenceVerifyCommand } from './evidence-verify.js';

/** `tourniquet evidence …` */
export function evidenceCommand(context: CliContext, setExitCode: SetExitCode): Command {
  return command('evidence', 'work with collected evidence', 'tourniquet evidence verify .tourniquet/evidence').addCommand(
    evidenceVerifyCommand(context, setExitCode),
  );
}
