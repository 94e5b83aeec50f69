import type { Command } from 'commander';
import { answerCommand } from '../answer-command.js';
import type { CliContext, SetExitCode } from '../context.js';

/** Skips a task with a reason; where the playbook asks for it, two people do. */
export function skipCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const verb = {
    name: 'skip',
    choice: 'skip',
    description: 'skip a task, with a reason',
    example: 'tourniquet skip INC-20260301-7K2M9QXD T5 --as mara --reason "no such workload"',
    reasonRequired: true,
  };
  return answerCommand(verb, context, setExitCode);
}
