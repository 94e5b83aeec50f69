import type { Command } from 'commander';
import { sendAct } from '../acting.js';
import { reportAct, withActOptions, type ActOptions } from '../answer-command.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { subjectOf } from '../dependencies.js';

/** Lets a paused clock run on. */
export function resumeCommand(context: CliContext, setExitCode: SetExitCode): Command {
  const created = command('resume', 'let a paused clock run on', 'tourniquet resume INC-20260301-7K2M9QXD eradicate --as mara')
    .argument('<incident>', 'INC-… or workflow id')
    .argument('<clock>', 'clock id, usually the step id');
  return withActOptions(created, 'none').action(async (incident: string, clockId: string, options: ActOptions) => {
    const to = { incident, subject: subjectOf(context, options.as) };
    const result = await context.withTemporal((session) => sendAct(session, to, { act: 'resume', clockId }));
    reportAct(result, options, { context, setExitCode });
  });
}
