import type { Command } from 'commander';
import { reportAct, withActOptions, type ActOptions } from '../answer-command.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { actOf } from '../gateway.js';

/** Lets a paused clock run on. */
export function resumeCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const created = command('resume', 'let a paused clock run on', 'tourniquet resume INC-20260301-7K2M9QXD eradicate --as mara')
    .argument('<incident>', 'INC-… or workflow id')
    .argument('<clock>', 'clock id, usually the step id');
  return withActOptions(created, 'none').action(async (incident: string, clockId: string, options: ActOptions) => {
    const acting = { incident, as: options.as };
    const result = await actOf(context, acting, { act: 'resume', clockId });
    reportAct(result, options, { context, setExitCode });
  });
}
