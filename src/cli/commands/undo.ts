import type { Command } from 'commander';
import { reportAct, withActOptions, type ActOptions } from '../answer-command.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { actOf } from '../gateway.js';

/** Asks for the undo of a containment that was a false alarm; two people consent to it. */
export function undoCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const created = command(
    'undo',
    'ask to restore exactly what was before (false positive)',
    'tourniquet undo INC-20260301-7K2M9QXD --as lea --reason "planned key rotation"',
  )
    .argument('<incident>', 'INC-… or workflow id')
    .argument('[target]', 'containment, ARN or key; default: the only principal', '');
  return withActOptions(created, 'required').action(async (incident: string, target: string, options: ActOptions) => {
    const acting = { incident, as: options.as };
    const result = await actOf(context, acting, { act: 'request', what: 'restore', target, reason: options.reason ?? '' });
    reportAct(result, options, { context, setExitCode });
  });
}
