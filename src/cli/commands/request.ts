import { Argument, type Command } from 'commander';
import { reportAct, withActOptions, type ActOptions } from '../answer-command.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { actOf } from '../gateway.js';

type What = 'close' | 'addPrincipal' | 'wasMe' | 'notMe';

/** Other requests to an incident: close it, add a principal, or the owner's word. */
export function requestCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const created = command(
    'request',
    'close, addPrincipal, or the owner’s wasMe / notMe',
    'tourniquet request INC-20260301-7K2M9QXD notMe --as omar --reason "I was asleep"',
  )
    .argument('<incident>', 'INC-… or workflow id')
    .addArgument(new Argument('<what>', 'what is asked for').choices(['close', 'addPrincipal', 'wasMe', 'notMe']))
    .argument('[target]', 'ARN or access key id', '');
  return withActOptions(created, 'required').action(async (incident: string, what: What, target: string, options: ActOptions) => {
    const acting = { incident, as: options.as };
    const result = await actOf(context, acting, { act: 'request', what, target, reason: options.reason ?? '' });
    reportAct(result, options, { context, setExitCode });
  });
}
