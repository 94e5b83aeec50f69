import type { Command } from 'commander';
import { answerCommand } from '../answer-command.js';
import type { CliContext, SetExitCode } from '../context.js';

/** Lets a step that could not act try again. */
export function retryCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const verb = {
    name: 'retry',
    choice: 'retry',
    description: 'let a step that could not act try again',
    example: 'tourniquet retry INC-20260301-7K2M9QXD T3 --as alex --reason "permission added"',
    reasonRequired: false,
  };
  return answerCommand(verb, context, setExitCode);
}
