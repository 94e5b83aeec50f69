import type { Command } from 'commander';
import { answerCommand } from '../answer-command.js';
import type { CliContext, SetExitCode } from '../context.js';

/** Refuses what a task asks for; signed where the task needs it. */
export function rejectCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const verb = {
    name: 'reject',
    choice: 'reject',
    description: 'reject what a task asks for; signs it where the task needs a signature',
    example: 'tourniquet reject INC-20260301-7K2M9QXD T2 --as lea --reason "planned rotation"',
    reasonRequired: true,
  };
  return answerCommand(verb, context, setExitCode);
}
