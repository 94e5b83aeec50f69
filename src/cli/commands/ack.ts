import type { Command } from 'commander';
import { reportAct, withActOptions, type ActOptions } from '../answer-command.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { actOf } from '../gateway.js';

/** Says that somebody is on it: the escalation ladder holds. */
export function ackCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const created = command(
    'ack',
    'acknowledge: the escalation ladder holds for a while',
    'tourniquet ack INC-20260301-7K2M9QXD --as alex',
  ).argument('<incident>', 'INC-… or workflow id');
  return withActOptions(created, 'none').action(async (incident: string, options: ActOptions) => {
    const acting = { incident, as: options.as };
    const result = await actOf(context, acting, { act: 'acknowledge' });
    reportAct(result, options, { context, setExitCode });
  });
}
