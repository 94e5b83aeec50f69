import type { Command } from 'commander';
import type { ParseSettings } from '../../contracts/detection.js';
import { parseMessage, type ParsedMessage } from '../../ingest/parse-message.js';
import { createPolicies } from '../../playbooks/load.js';
import { readParseSettings } from '../../playbooks/parse-settings.js';
import { alertView } from '../alert-view.js';
import { EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { readMessage } from '../read-message.js';
import { terminalText } from '../terminal-text.js';

/** Says what would become of messages, without Temporal and AWS. Exit code 2 when one is no alert. */
export function alertParseCommand(context: CliContext, setExitCode: SetExitCode): Command {
  return command(
    'parse',
    'say what would become of an alert; needs no Temporal and no AWS',
    'tourniquet alert parse --file finding.json --json',
  )
    .requiredOption('--file <file...>', 'message files, one message each')
    .option('--json', 'print one JSON line per file')
    .action(async (options: { file: string[]; json?: boolean }) => {
      const settings = await readParseSettings(createPolicies(context.env().policyDir));
      for (const file of options.file) {
        const parsed = await parseFile(file, context.now(), settings);
        if (!parsed.accepted) setExitCode(EXIT.usage);
        if (options.json === true) context.output.json(jsonOf(file, parsed));
        else for (const line of linesOf(file, parsed)) context.output.line(line);
      }
    });
}

async function parseFile(file: string, now: Date, settings: ParseSettings): Promise<ParsedMessage> {
  const message = await readMessage(file);
  return 'reason' in message ? { accepted: false, reason: message.reason } : parseMessage(message.text, now.toISOString(), settings);
}

function jsonOf(file: string, parsed: ParsedMessage): Record<string, unknown> {
  return parsed.accepted
    ? { file, accepted: true, alerts: parsed.alerts.map(alertView) }
    : { file, accepted: false, reason: parsed.reason };
}

function linesOf(file: string, parsed: ParsedMessage): string[] {
  if (!parsed.accepted) return [terminalText(`${file}: not an alert: ${parsed.reason}`)];
  return parsed.alerts.map((alert) => {
    const who = alert.hints.accessKeyId ?? alert.hints.userName ?? alert.hints.arn ?? 'no principal';
    return terminalText(
      `${file}: ${alert.disposition} · ${alert.severity} · ${alert.type} · ${who} · ${alert.account ?? 'no account'} · ${alert.reason}`,
    );
  });
}
