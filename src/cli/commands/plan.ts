import type { Command } from 'commander';
import type { Alert } from '../../contracts/alert.js';
import type { Plan } from '../../contracts/plan.js';
import { cliCommand, planLines } from '../../domain/engine/containment-view.js';
import { mintIncidentId } from '../../domain/alerts/incident-id.js';
import { parseMessage } from '../../ingest/parse-message.js';
import { MANUAL_SOURCE } from '../../ingest/sources/manual.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { terminalText } from '../terminal-text.js';

interface PlanOptions {
  readonly printCli?: boolean;
  readonly json?: boolean;
}

/** Plans a containment without Temporal: reads AWS, writes nothing there. */
export function planCommand(context: CliContext): Command {
  return command(
    'plan',
    'plan a containment and print it; needs AWS, no Temporal; writes nothing there',
    'tourniquet plan AKIAIOSFODNN7EXAMPLE --print-cli',
  )
    .argument('<principal>', 'access key id or user ARN')
    .option('--print-cli', 'print only the AWS CLI commands, to be run by hand when Tourniquet is down')
    .option('--json', 'print the whole plan as JSON')
    .action(async (principal: string, options: PlanOptions) => {
      // Loaded on demand: the AWS clients would slow down every other command.
      const { createOfflinePlanner } = await import('../../worker/offline-planner.js');
      const planner = await createOfflinePlanner(context.env());
      const alert = alertFor(principal, context.now());
      const resolution = await planner.resolve(alert);
      if (!resolution.found) throw new CliError(`${principal} cannot be planned for: ${resolution.why}, ${resolution.detail}`);
      const plan = await planner.plan({ incidentId: mintIncidentId(context.now()), alert, resolution });
      print(plan, { options, context });
    });
}

/** The planner takes alerts; this one says only that a person asked. Its receipt is empty: nothing can be written with it. */
function alertFor(principal: string, now: Date): Alert {
  const named = principal.startsWith('arn:') ? { arn: principal } : { accessKeyId: principal };
  const parsed = parseMessage(
    JSON.stringify({ source: MANUAL_SOURCE, title: 'planned by hand', reportedBy: 'command line', ...named }),
    now.toISOString(),
  );
  const alert = parsed.accepted ? parsed.alerts[0] : undefined;
  if (alert === undefined || alert.disposition !== 'open')
    throw new CliError('expected an access key id (AKIA…) or the ARN of an IAM user', EXIT.usage);
  return { ...alert, receipt: 'none.none.none' };
}

function print(plan: Plan, { options, context }: { options: PlanOptions; context: CliContext }): void {
  const { output } = context;
  if (options.json) return output.json(plan);
  const commands = plan.measures.flatMap((measure) => measure.calls.map(cliCommand));
  if (options.printCli) {
    if (plan.refusals.length > 0) output.error(`# a rail refuses it: ${plan.refusals.join('; ')}`);
    for (const line of commands) output.line(terminalText(line));
    return;
  }
  output.line(`${terminalText(plan.principal.arn)} (${plan.principal.uniqueId})`);
  for (const refusal of plan.refusals) output.line(output.colors.red(`REFUSED  ${terminalText(refusal)}`));
  for (const line of planLines(plan)) output.line(`  ${terminalText(line)}`);
  output.line(`  plan ${plan.planSha256}`);
}
