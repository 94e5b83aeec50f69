import type { IncidentRecord } from '../contracts/record.js';
import type { Timeline } from '../contracts/timeline.js';
import { table } from '../domain/engine/markdown.js';
import { attackerCallers, type EventRun, eventTable } from './events.js';
import { fatesOf } from './life.js';
import { md, mdList } from './markdown-text.js';

/** Rows of one table here; the files of the timeline have all. */
const ROWS = 150;

/** What was looked at and what was not, techniques, callers, events. */
export function timelineSection({ timeline: summary }: IncidentRecord, timeline: Timeline | undefined): string {
  if (summary === undefined) return 'No timeline was built: nothing was looked at, so nothing is said about what happened.';
  const { completeness } = summary;
  const statement = [
    `- CloudTrail from ${completeness.fromAt} to ${completeness.readUntilAt}; regions ${mdList(completeness.regions, 'none')}; accounts ${mdList(completeness.accounts, 'none seen')}; ${completeness.records} records, ${completeness.pages} pages`,
    `- ${completeness.complete ? 'complete for what was asked' : `**INCOMPLETE**: ${mdList(completeness.gaps, 'no gap is named')}`}`,
    ...completeness.notRead.map((line) => `- not looked at: ${md(line)}`),
    `- in what was read: ${summary.attackerEvents} events of the attacker, ${summary.responderEvents} of the responder, ${summary.holderEvents} of the rightful holder`,
    `- all events: ${md(summary.csvRef.path)}, SHA-256 ${md(summary.csvRef.sha256)}`,
  ].join('\n');
  if (timeline === undefined) return `${statement}\n\nThe timeline file could not be read: no event is shown here.`;
  return [
    statement,
    techniques(timeline) || 'No technique was recognised in what was read.',
    callers(timeline),
    events(timeline) || 'No event of attacker or responder in what was read.',
  ].join('\n\n');
}

/** Which credentials descend from which, and what proves it. */
export function lineageSection(record: IncidentRecord, timeline: Timeline | undefined): string {
  if (timeline === undefined) return 'No timeline file: the lineage cannot be shown.';
  const { lifeOf } = fatesOf(record, timeline);
  const credentials = timeline.credentials
    .toSorted((a, b) => Number(b.alive) - Number(a.alive))
    .map((one) => [
      md(one.id),
      md(one.kind),
      md(one.principal),
      one.parent === null ? 'seed' : md(one.parent),
      one.provedBy === null ? '' : `${md(one.strength)}, event ${md(one.provedBy)}`,
      `${lifeOf(one) === 'ALIVE' ? '**ALIVE**' : lifeOf(one)}, ${one.used ? 'used' : 'unused'}`,
    ]);
  const principals = timeline.principals.map(({ arn, how, provedBy }) => [md(arn), md(how), md(provedBy)]);
  return [
    table(['credential', 'kind', 'of', 'comes from', 'proven by', 'state'], credentials, ROWS) || 'No credential in what was read.',
    table(['principal', 'how', 'proven by event'], principals, ROWS) || 'No principal made, changed or used in what was read.',
  ].join('\n\n');
}

/** Things the intruder made or changed. */
export function resourcesSection(record: IncidentRecord, timeline: Timeline | undefined): string {
  const rows = timeline?.resources ?? record.timeline?.resources ?? [];
  const { isRemoved } = fatesOf(record, { credentials: timeline?.credentials ?? [] });
  const cells = rows.map(({ arn, type, action, present, provedBy }) => [
    md(arn),
    md(type),
    md(action),
    isRemoved(arn) ? 'removed by us' : present ? '**still there when read**' : 'gone',
    md(provedBy),
  ]);
  return table(['resource', 'type', 'what was done', 'now', 'proven by event'], cells, ROWS) || 'None in what was read.';
}

function techniques({ attack }: Timeline): string {
  return table(
    ['ATT&CK', 'version', 'done?', 'calls', 'first proven by event'],
    attack.map((row) => [
      md(row.technique),
      md(row.attackVersion),
      row.succeeded ? 'done' : 'tried, all refused',
      mdList(row.events, ''),
      md(row.provedBy),
    ]),
    ROWS,
  );
}

function callers({ entries }: Timeline): string {
  const { rows, leftOut } = attackerCallers(entries);
  const cells = rows.map((row) => [
    md(row.sourceIp),
    md(row.userAgent),
    md(row.accessKeyId),
    String(row.calls),
    `${row.firstAt} to ${row.lastAt}`,
  ]);
  const shown = table(['attacker called from', 'user agent', 'key', 'calls', 'when (UTC)'], cells, ROWS);
  return `${shown || 'No call of the attacker in what was read.'}${leftOut === 0 ? '' : `\n\nand ${leftOut} more callers`}`;
}

function events({ entries }: Timeline): string {
  const { head, leftOut, tail, ownReads } = eventTable(entries);
  const gap = [[`**${leftOut} events are left out here**`, 'see the CSV', '', '', '', '', '']];
  const rows = [...head.map(eventRow), ...(leftOut === 0 ? [] : gap), ...tail.map(eventRow)];
  const shown = table(['at (UTC)', 'lane', 'call', 'outcome', 'actor', 'address', 'target'], rows, rows.length);
  return ownReads === 0 ? shown : `${ownReads} calls by which the responder only read are in the CSV, not here.\n\n${shown}`;
}

function eventRow({ first, lastAt, count, apis, targets }: EventRun): string[] {
  return [
    count > 1 ? `${first.at} to ${lastAt}` : first.at,
    first.lane,
    `${mdList(apis, '')}${count > 1 ? ` ×${count}` : ''}${first.attack.length > 0 ? ` (${mdList(first.attack, '')})` : ''}`,
    md(first.outcome),
    md(`${first.actor} ${first.accessKeyId}`, 160),
    md(first.sourceIp),
    mdList(targets, ''),
  ];
}
