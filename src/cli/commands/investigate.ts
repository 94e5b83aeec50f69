import type { Command } from 'commander';
import { type LogFiles, readLogFiles, UnreadablePathError } from '../../adapters/cloudtrail/read-log-files.js';
import { type Inquiry, investigate } from '../../domain/lineage/investigate.js';
import { summaryLines } from '../../domain/lineage/summary.js';
import { timeMs } from '../../domain/lineage/times.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { terminalText } from '../terminal-text.js';

interface InvestigateOptions {
  readonly logs: readonly string[];
  readonly seed: string;
  readonly suspectIp?: readonly string[];
  readonly ownedAccount?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

const KEY_ID = /^A[A-Z0-9]{3}[A-Z0-9_]{8,124}$/;
const PRINCIPAL = /^arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[\w+=,.@/-]{1,600})$/;
/** Addresses are text: public samples have leading zeros. Services appear by name. */
const ADDRESS = /^([0-9a-f.:]{2,45}|[a-z0-9.-]+\.amazonaws\.com)$/;

/** Follows a stolen credential through CloudTrail files: no Temporal, no AWS. */
export function investigateCommand({ output }: CliContext): Command {
  return command(
    'investigate',
    'follow a stolen credential through CloudTrail files; needs neither Temporal nor AWS',
    'tourniquet investigate --logs ./cloudtrail --seed AKIAIOSFODNN7EXAMPLE --suspect-ip 203.0.113.7 --json',
  )
    .requiredOption('--logs <path...>', 'CloudTrail files or folders of them, plain or gz')
    .requiredOption('--seed <key or ARN>', 'access key id, or ARN of a user, role or session')
    .option('--suspect-ip <ip...>', "use of the seed from these addresses is the thief's, from others the holder's")
    .option('--owned-account <id...>', 'our accounts; others are outside (default: those that wrote the logs)')
    .option('--since <time>', 'the theft is not older (ISO-8601, UTC)')
    .option('--until <time>', 'look no further, and tell what is alive then (default: the newest record)')
    .option('--json', 'print one line of JSON')
    .action(async (options: InvestigateOptions) => {
      const inquiry = inquiryOf(options);
      const files = await read(options.logs);
      const found = investigate(files.records.values(), inquiry, files.faults);
      const { input } = files;
      const told = `read ${input.files} files, ${files.records.size} records, ${input.duplicates} duplicates dropped, ${input.broken.length} unreadable`;
      for (const line of [told, ...input.broken.slice(0, 20)]) output.error(`# ${line}`);
      if (options.json) return output.json(found);
      for (const line of summaryLines(found)) output.line(terminalText(line));
    });
}

async function read(paths: readonly string[]): Promise<LogFiles> {
  try {
    const files = await readLogFiles(paths);
    if (files.records.size === 0) throw new CliError(`no CloudTrail record could be read from ${paths.join(', ')}`, EXIT.usage);
    return files;
  } catch (error) {
    throw error instanceof UnreadablePathError ? new CliError(error.message, EXIT.usage) : error;
  }
}

function inquiryOf(options: InvestigateOptions): Inquiry {
  if (!KEY_ID.test(options.seed) && !PRINCIPAL.test(options.seed)) {
    throw new CliError('--seed: expected an access key id (AKIA…, ASIA…) or the ARN of a user, role or session', EXIT.usage);
  }
  const [since, until] = [instant('--since', options.since), instant('--until', options.until)];
  if (since !== undefined && until !== undefined && since > until) throw new CliError('--since is later than --until', EXIT.usage);
  return {
    seed: options.seed,
    suspectIps: matching({ name: '--suspect-ip', values: options.suspectIp ?? [], grammar: ADDRESS, what: 'IP addresses' }),
    ownedAccounts: matching({
      name: '--owned-account',
      values: options.ownedAccount ?? [],
      grammar: /^\d{12}$/,
      what: '12-digit account ids',
    }),
    since,
    until,
  };
}

function instant(name: string, text: string | undefined): number | undefined {
  const found = timeMs(text);
  if (text !== undefined && found === undefined) throw new CliError(`${name}: expected a time such as 2026-03-01T12:00:00Z`, EXIT.usage);
  return found;
}

function matching(option: { name: string; values: readonly string[]; grammar: RegExp; what: string }): Set<string> {
  const values = option.values.flatMap((value) => value.split(',')).map((value) => value.trim().toLowerCase());
  if (values.some((value) => !option.grammar.test(value))) throw new CliError(`${option.name}: expected ${option.what}`, EXIT.usage);
  return new Set(values);
}
