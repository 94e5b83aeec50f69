import type { Command } from 'commander';
import { answerCommand } from '../answer-command.js';
import type { CliContext, SetExitCode } from '../context.js';

/** Says that a task is done, or answers a decision with --choice. */
export function completeCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const verb = {
    name: 'complete',
    choice: 'done',
    description: 'say that a task is done, or answer a decision with --choice',
    example: 'tourniquet complete INC-20260301-7K2M9QXD ticket --as alex --reason "SEC-INC-12"',
    reasonRequired: false,
  };
  return answerCommand(verb, context, setExitCode);
}
