import type { Command } from 'commander';
import type { ActResult } from '../contracts/task.js';
import { EXIT } from './cli-error.js';
import { command } from './command.js';
import type { CliContext, SetExitCode } from './context.js';
import { answerOf } from './gateway.js';
import { terminalText } from './terminal-text.js';

/** Options of every verb that a person puts a name to. */
export interface ActOptions {
  readonly as?: string;
  readonly reason?: string;
  readonly team?: string;
  readonly json?: boolean;
}

/** A verb that is a name for answering a task with one choice. */
export interface Verb {
  readonly name: string;
  readonly choice: string;
  readonly description: string;
  readonly example: string;
  readonly reasonRequired: boolean;
}

/** Adds `--as`, `--reason`, `--json`. */
export function withActOptions(verb: Command, reason: 'required' | 'optional' | 'none'): Command {
  verb
    .option('--as <subject>', 'who acts (default: TOURNIQUET_SUBJECT); with TOURNIQUET_URL the token says it')
    .option('--json', 'print the answer as JSON');
  if (reason === 'required') verb.requiredOption('--reason <text>', 'why; kept in the journal');
  if (reason === 'optional') verb.option('--reason <text>', 'why; kept in the journal', '');
  return verb;
}

/** Prints what the incident answered; a refused act is exit code 1. */
export function reportAct(result: ActResult, options: ActOptions, to: { context: CliContext; setExitCode: SetExitCode }): void {
  const { output } = to.context;
  if (options.json === true) output.json(result);
  else output.line(`${result.accepted ? output.colors.green('accepted') : output.colors.red('refused')}: ${terminalText(result.message)}`);
  if (!result.accepted) to.setExitCode(EXIT.failed);
}

/** `tourniquet <verb> INC TASK`: signs where the task asks for it. */
export function answerCommand(verb: Verb, context: CliContext, setExitCode: SetExitCode): Command {
  const created = command(verb.name, verb.description, verb.example)
    .argument('<incident>', 'INC-… or workflow id')
    .argument('<taskOrStep>', 'task id (T1, T2, …) or step id')
    .option('--team <team>', 'team to sign for (default: the task’s, else your first)')
    .option('--choice <choice>', 'answer with another choice of the task', verb.choice);
  return withActOptions(created, verb.reasonRequired ? 'required' : 'optional').action(
    async (incident: string, taskOrStep: string, options: ActOptions & { choice: string }) => {
      const { choice, reason = '', team } = options;
      const result = await answerOf(context, { incident, as: options.as }, { taskOrStep, choice, reason, team });
      reportAct(result, options, { context, setExitCode });
    },
  );
}
