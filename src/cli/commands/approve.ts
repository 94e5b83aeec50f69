import type { Command } from 'commander';
import { answerCommand } from '../answer-command.js';
import type { CliContext, SetExitCode } from '../context.js';

/** Consents to what a task asks for; signed where the task needs it. */
export function approveCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const verb = {
    name: 'approve',
    choice: 'approve',
    description: 'approve what a task asks for; signs it where the task needs a signature',
    example: 'tourniquet approve INC-20260301-7K2M9QXD T2 --as lea --reason "key is on GitHub"',
    reasonRequired: true,
  };
  return answerCommand(verb, context, setExitCode);
}
