import { Option, type Command } from 'commander';
import { parseMessage } from '../../ingest/parse-message.js';
import { MANUAL_SOURCE, type ManualReport } from '../../ingest/sources/manual.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { subjectOf } from '../dependencies.js';
import { receiveAndReport } from '../receive-and-report.js';

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
    .action(async (options: OpenOptions) => {
      const message = JSON.stringify(reportOf(options, subjectOf(context, options.as)));
      refuseUnclear(message, context.now());
      await context.withTemporal((session) => receiveAndReport(message, options, { context, session }));
    });
}

function reportOf(options: OpenOptions, reportedBy: string): ManualReport {
  const given = { accessKeyId: options.key, userName: options.user, arn: options.arn, account: options.account, region: options.region };
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { source: MANUAL_SOURCE, title: options.title, severity: options.severity, reportedBy, ...named };
}

/** A person at the keyboard can mend a typo: better than an incident that has to be reviewed. */
function refuseUnclear(message: string, now: Date): void {
  const parsed = parseMessage(message, now.toISOString());
  if (!parsed.accepted) throw new CliError(parsed.reason, EXIT.usage);
  const unclear = parsed.alerts.find((alert) => alert.disposition !== 'open');
  if (unclear !== undefined) throw new CliError(`${unclear.reason}: give --key, --arn, or --user with --account`, EXIT.usage);
}
