import type { Command } from 'commander';
import { reportAct, withActOptions, type ActOptions } from '../answer-command.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { actOf } from '../gateway.js';
import { parseDuration } from '../../incidents/durations.js';

/** Stops a clock for a bounded time, with a reason; reported net and gross. */
export function pauseCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const created = command(
    'pause',
    'pause a clock for a bounded time',
    'tourniquet pause INC-20260301-7K2M9QXD eradicate --for 4h --as mara --reason "waiting for AWS Support"',
  )
    .argument('<incident>', 'INC-… or workflow id')
    .argument('<clock>', 'clock id, usually the step id')
    .requiredOption('--for <duration>', 'how long: 30m, 4h, 1d');
  return withActOptions(created, 'required').action(async (incident: string, clockId: string, options: ActOptions & { for: string }) => {
    const duration = parseDuration(options.for);
    if (duration === undefined) throw new CliError('--for takes 30m, 4h or 1d', EXIT.usage);
    const acting = { incident, as: options.as };
    const untilAt = new Date(context.now().getTime() + duration).toISOString();
    const result = await actOf(context, acting, { act: 'pause', clockId, untilAt, reason: options.reason ?? '' });
    reportAct(result, options, { context, setExitCode });
  });
}
