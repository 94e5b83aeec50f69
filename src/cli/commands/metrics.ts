import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { createFileRecordStore } from '../../adapters/records/file.js';
import { IncidentRecord } from '../../contracts/record.js';
import { type MetricsReport, metricsReport, type MetricSummary } from '../../domain/record/summary.js';
import { durationText, targetText } from '../../report/durations.js';
import { metricsIncidentsCsv, metricsSummaryCsv } from '../../report/metrics-csv.js';
import { METRIC_TITLES } from '../../report/titles.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { parseDuration } from '../../incidents/durations.js';
import { tableLines } from '../output.js';
import { terminalText } from '../terminal-text.js';

interface MetricsOptions {
  readonly since: string;
  readonly json?: boolean;
  readonly csv?: 'summary' | 'incidents' | true;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

/** How fast we were, over all recorded incidents since a day: from the record store, without Temporal. */
export function metricsCommand(context: CliContext, setExitCode: SetExitCode): Command {
  return command(
    'metrics',
    'how fast we were: metrics over all recorded incidents; needs no Temporal',
    'tourniquet metrics --since 30d --csv',
  )
    .option('--since <when>', 'incidents detected since: 30d, 12h, 2026-11-01 or 2026-11-01T12:00:00Z (UTC)', '30d')
    .option('--json', 'print one line of JSON')
    .addOption(
      new Option('--csv [rows]', 'print CSV: one row per metric, or one per incident')
        .choices(['summary', 'incidents'])
        .preset('summary')
        .conflicts('json'),
    )
    .action(async ({ since, json, csv }: MetricsOptions) => {
      const sinceAt = sinceOf(since, context.now());
      const { records, unreadable } = await readRecords(context);
      for (const line of unreadable) context.output.error(`# ${line}`);
      if (unreadable.length > 0) setExitCode(EXIT.failed);
      const report = metricsReport(records, sinceAt);
      if (json === true) return context.output.json({ ...report, unreadable });
      if (csv !== undefined) return printCsv(context, csv === 'incidents' ? metricsIncidentsCsv(report) : metricsSummaryCsv(report));
      for (const line of linesOf(report, folderOf(context))) context.output.line(line);
    });
}

function sinceOf(text: string, now: Date): string {
  const ms = DAY.test(text) || INSTANT.test(text) ? Date.parse(text) : now.getTime() - (parseDuration(text) ?? Number.NaN);
  // `2026-02-31` is taken for 3 March by the parser; a day that does not exist is a slip of the pen.
  const isReal = !Number.isNaN(ms) && (!DAY.test(text) || new Date(ms).toISOString().startsWith(text));
  if (!isReal) throw new CliError('--since: expected 30d, 12h, a day such as 2026-11-01, or 2026-11-01T12:00:00Z', EXIT.usage);
  if (ms > now.getTime()) throw new CliError('--since lies in the future', EXIT.usage);
  return new Date(ms).toISOString();
}

function folderOf(context: CliContext): string {
  return join(context.env().dataDir, 'records');
}

/** A record that cannot be read is named, never silently left out of a mean. */
async function readRecords(context: CliContext): Promise<{ records: IncidentRecord[]; unreadable: string[] }> {
  const store = createFileRecordStore(folderOf(context));
  const records: IncidentRecord[] = [];
  const unreadable: string[] = [];
  for (const incidentId of await store.list()) {
    const stored = await store.getRecord(incidentId).catch(() => undefined);
    const parsed = IncidentRecord.safeParse(stored);
    if (parsed.success) records.push(parsed.data);
    else unreadable.push(`the record of ${incidentId} cannot be read and is left out`);
  }
  return { records, unreadable };
}

/** Line ends inside a cell were taken out before; what is left is one record per line. */
function printCsv({ output }: CliContext, csv: string): void {
  for (const line of csv.trimEnd().split('\n')) output.line(terminalText(line));
}

function linesOf(report: MetricsReport, folder: string): string[] {
  const { incidents, metrics, automation, sinceAt } = report;
  const since = `since ${sinceAt.slice(0, 16).replace('T', ' ')} UTC`;
  if (incidents.length === 0) return [terminalText(`no recorded incident ${since} in ${folder}`)];
  const head = ['metric', 'known', 'missing', 'mean', 'median', 'p90', 'target', 'within target'];
  return [
    `${incidents.length} incident${incidents.length === 1 ? '' : 's'} ${since}`,
    '',
    ...tableLines([head, ...metrics.map(metricCells)]),
    '',
    ...automationLines(automation),
    'not known is counted as missing and in no mean; p90 is the nearest rank',
    ...metrics.filter(({ negative }) => negative > 0).map(negativeLine),
    '',
    ...tableLines([['incident', 'detected', 'severity', 'state', 'MTTD', 'MTTC', 'recover', 'summary'], ...incidents.map(incidentCells)]),
  ];
}

function metricCells(row: MetricSummary): string[] {
  const { targetSeconds, withinTarget, shareWithinTarget } = row;
  return [
    METRIC_TITLES[row.name],
    String(row.known),
    String(row.missing),
    duration(row.meanSeconds),
    duration(row.medianSeconds),
    duration(row.p90Seconds),
    targetSeconds === null ? '–' : targetText(targetSeconds),
    withinTarget === null || shareWithinTarget === null ? '–' : `${withinTarget} of ${row.known} (${percent(shareWithinTarget)})`,
  ];
}

function automationLines({ containments, automated, share, targetShare, rule }: MetricsReport['automation']): string[] {
  const found = share === null ? 'no containment' : `${automated} of ${containments} (${percent(share)})`;
  const judged = share === null ? '' : share > targetShare ? ': met' : ': NOT MET';
  return [`automated containments: ${found}, target > ${percent(targetShare)}${judged}`, `  ${rule}`];
}

function negativeLine({ name, negative }: MetricSummary): string {
  return `${METRIC_TITLES[name]}: ${negative} negative, its end came before its start; counted as they are`;
}

function incidentCells(row: MetricsReport['incidents'][number]): string[] {
  return [
    row.incidentId,
    row.detectedAt.slice(0, 16).replace('T', ' '),
    row.severity,
    row.outcome ?? row.phase,
    duration(row.seconds.mttd),
    duration(row.seconds.mttc),
    duration(row.seconds.mttrRecover),
    row.summary,
  ];
}

function duration(seconds: number | null): string {
  return seconds === null ? '–' : durationText(seconds);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
