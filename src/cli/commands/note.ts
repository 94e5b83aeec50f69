import type { Command } from 'commander';
import { reportAct, withActOptions, type ActOptions } from '../answer-command.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { actOf } from '../gateway.js';

/** Adds a line to the incident’s journal. */
export function noteCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const created = command('note', 'add a line to the journal', 'tourniquet note INC-20260301-7K2M9QXD "owner is on the phone" --as alex')
    .argument('<incident>', 'INC-… or workflow id')
    .argument('<text>', 'the line');
  return withActOptions(created, 'none').action(async (incident: string, text: string, options: ActOptions) => {
    const acting = { incident, as: options.as };
    const result = await actOf(context, acting, { act: 'note', text });
    reportAct(result, options, { context, setExitCode });
  });
}
