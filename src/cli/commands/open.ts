import { Option, type Command } from 'commander';
import { IntakesAnswer } from '../../contracts/api.js';
import { manualMessage, type ReportedByHand } from '../../incidents/manual-report.js';
import { apiOf, readAnswer } from '../api-client.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { subjectOf } from '../dependencies.js';
import { refuseAs } from '../gateway.js';
import { reportIntakes, waitQuery, withReceiver } from '../receive-and-report.js';

interface OpenOptions {
  readonly title: string;
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly key?: string;
  readonly user?: string;
  readonly arn?: string;
  readonly account?: string;
  readonly region?: string;
  readonly as?: string;
  readonly json?: boolean;
  readonly wait: boolean;
}

/** Opens an incident by hand: the same way in as every alert. */
export function openCommand(context: CliContext, _setExitCode: SetExitCode): Command {
  return command(
    'open',
    'open an incident by hand',
    'tourniquet open --key AKIAIOSFODNN7EXAMPLE --account 111122223333 --title "key in a public gist" --as alex',
  )
    .requiredOption('--title <text>', 'what happened')
    .addOption(new Option('--severity <severity>', 'how bad').choices(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).default('HIGH'))
    .option('--key <accessKeyId>', 'access key id')
    .option('--user <name>', 'IAM user name (with --account)')
    .option('--arn <arn>', 'ARN of the principal')
    .option('--account <id>', 'AWS account')
    .option('--region <region>', 'AWS region')
    .option('--as <subject>', 'who reports it (default: TOURNIQUET_SUBJECT)')
    .option('--json', 'print the outcome as JSON')
    .option('--no-wait', 'do not wait for the outcome')
    .action((options: OpenOptions) => openByHand(context, options));
}

async function openByHand(context: CliContext, options: OpenOptions): Promise<void> {
  const report = reportOf(options);
  const api = apiOf(context);
  if (api !== undefined) {
    refuseAs(options.as);
    const { intakes } = readAnswer(IntakesAnswer, await api.post(`/v1/incidents${waitQuery(options.wait)}`, report));
    return reportIntakes(intakes, options, context);
  }
  const message = manualMessage(report, { subject: subjectOf(context, options.as), now: context.now() });
  return withReceiver(context, { source: 'cli', wait: options.wait }, async (receive) =>
    reportIntakes(await receive(message), options, context),
  );
}

function reportOf({ title, severity, key, user, arn, account, region }: OpenOptions): ReportedByHand {
  return { title, severity, accessKeyId: key, userName: user, arn, account, region };
}
