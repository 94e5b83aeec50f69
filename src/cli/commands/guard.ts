import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Argument, type Command } from 'commander';
import { createGuardClient, sendGuardRequest } from '../../adapters/temporal/guard-client.js';
import type { GuardAnswer, GuardMode, GuardRequest, GuardState } from '../../contracts/guard.js';
import { AccountId } from '../../contracts/primitives.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { subjectOf } from '../dependencies.js';
import { terminalText } from '../terminal-text.js';

interface GuardOptions {
  readonly as?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** The one switch over every write: mode per account, stop and go. */
export function guardCommand(context: CliContext): Command {
  return command('guard', 'the switch over every write to AWS', 'tourniquet guard stop --as lea --reason "wrong account in the rails"')
    .addCommand(showGuard(context))
    .addCommand(stopGuard(context))
    .addCommand(goGuard(context))
    .addCommand(modeGuard(context));
}

function showGuard(context: CliContext): Command {
  return command('show', 'mode per account, limits, what a stop holds', 'tourniquet guard show --json')
    .option('--json', 'print the state as JSON')
    .action(async (options: GuardOptions) => {
      const state = await context.withTemporal(({ client }) => createGuardClient(client).state().catch(notStarted));
      if (options.json === true) return context.output.json(state ?? null);
      if (state === undefined)
        return context.output.line('the guard has not been asked yet: every account is in mode observe, nothing is stopped');
      for (const line of stateLines(state)) context.output.line(terminalText(line));
    });
}

function notStarted(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError) return undefined;
  throw error;
}

function stateLines(state: GuardState): string[] {
  const modes = Object.entries(state.modes).map(([account, mode]) => `  ${account}: ${mode}`);
  return [
    state.stopped ? `STOPPED: ${state.stopReason ?? ''} (${state.waiting.length} containments wait)` : 'not stopped',
    `limits: ${state.limits.perHour} an hour, ${state.limits.perAccountPerHour} an hour and account; ${state.reservations.length} reserved`,
    'modes (others: observe)',
    ...modes,
    ...state.journal.slice(-5).map(({ at, line }) => `  ${at.slice(0, 19)}Z ${line}`),
  ];
}

function stopGuard(context: CliContext): Command {
  return acting(
    command(
      'stop',
      'hold every write that has not begun; undo still works',
      'tourniquet guard stop --as lea --reason "storm of false alarms"',
    ),
  )
    .requiredOption('--reason <text>', 'why')
    .action((options: GuardOptions) => send(context, options, (who) => ({ do: 'stop', reason: options.reason ?? '', ...who })));
}

function goGuard(context: CliContext): Command {
  return acting(command('go', 'lift the stop', 'tourniquet guard go --as lea')).action((options: GuardOptions) =>
    send(context, options, (who) => ({ do: 'go', ...who })),
  );
}

function modeGuard(context: CliContext): Command {
  return acting(command('mode', 'set the mode of an account', 'tourniquet guard mode 111122223333 auto --as lea'))
    .argument('<account>', 'AWS account id')
    .addArgument(
      new Argument('<mode>', 'observe = write nothing, approve = people decide, auto = the tier decides').choices([
        'observe',
        'approve',
        'auto',
      ]),
    )
    .action((account: string, mode: GuardMode, options: GuardOptions) => {
      if (!AccountId.safeParse(account).success) throw new CliError('an account id has 12 digits', EXIT.usage);
      return send(context, options, (who) => ({ do: 'mode', account, mode, ...who }));
    });
}

function acting(created: Command): Command {
  return created.option('--as <subject>', 'who acts (default: TOURNIQUET_SUBJECT)').option('--json', 'print the answer as JSON');
}

async function send(
  context: CliContext,
  options: GuardOptions,
  request: (who: { actId: string; subject: string }) => GuardRequest,
): Promise<void> {
  const who = { actId: randomUUID(), subject: subjectOf(context, options.as) };
  const answer: GuardAnswer = await context.withTemporal(({ client }) => sendGuardRequest(client, request(who)));
  if (options.json === true) context.output.json(answer);
  else context.output.line(terminalText(answer.detail));
}
