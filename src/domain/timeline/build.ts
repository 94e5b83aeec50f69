import type { Timeline, TimelineCompleteness, TimelineEntry, TimelineLane } from '../../contracts/timeline.js';
import { canonicalJson } from '../canonical-json.js';
import { withoutPath } from '../principals/arn.js';
import { plainName, techniquesOf } from '../lineage/attack.js';
import type { ReadFaults } from '../lineage/completeness.js';
import { type Lineage, traceLineage } from '../lineage/investigate.js';
import { betterVersion } from '../lineage/log-index.js';
import { type LogRecord, readLogRecord } from '../lineage/log-record.js';
import { byCause, type Placed } from '../lineage/order.js';
import { isoSecond } from '../lineage/times.js';
import { touchedBy } from '../lineage/touched.js';
import type { Alarm } from '../lineage/split-callers.js';
import { distinct } from '../lineage/values.js';

/** What a timeline is made for. */
export interface TimelineQuestion {
  readonly incidentId: string;
  /** Keys and principal ARNs the theft is known by. */
  readonly seeds: readonly string[];
  /** ARNs of our own identities: their calls are the response. */
  readonly responders: ReadonlySet<string>;
  /** Keys we issued in recovery. */
  readonly issuedKeyIds: ReadonlySet<string>;
  readonly ownedAccounts: ReadonlySet<string>;
  readonly alarm: Alarm;
}

/** How the records were read. */
export interface Reading extends Pick<TimelineCompleteness, 'fromAt' | 'readUntilAt' | 'pages' | 'complete' | 'gaps' | 'regions'> {
  readonly requestIds: readonly string[];
}

/** The response comes after what it answers. */
const LAST = Number.MAX_SAFE_INTEGER;

export interface BuiltTimeline {
  readonly timeline: Timeline;
  readonly lineage: Lineage;
}

/**
 * Puts the attacker's, the rightful holder's and our own events in one order: by time, and cause before effect within
 * a second. Same answer for any order or duplication of the records.
 */
export function buildTimeline(raw: Iterable<unknown>, question: TimelineQuestion, reading: Reading): BuiltTimeline {
  const { records, faults } = readRecords(raw);
  const responders = new Set([...question.responders].map(withoutPath));
  const isOurs = ({ actor }: LogRecord): boolean => responders.has(withoutPath(actor.issuerArn ?? actor.arn ?? ''));
  const isIssued = (record: LogRecord): boolean => question.issuedKeyIds.has(record.actor.key ?? '');
  const [seed = '', ...moreSeeds] = question.seeds;
  const inquiry = { seed, moreSeeds, suspectIps: new Set<string>(), ownedAccounts: question.ownedAccounts, alarm: question.alarm };
  // Our own calls tell what is switched off and gone by now; they are nobody else's doing.
  const lineage = traceLineage(
    records.filter((record) => !isIssued(record)),
    { ...inquiry, until: Date.parse(reading.readUntilAt) },
    faults,
  );
  const others = lineage.placed.filter(({ record }) => !isOurs(record));
  const placed: (Placed & { lane: TimelineLane })[] = [
    ...others.map(({ record, depth, owner }) => ({
      record,
      depth,
      lane: owner === 'thief' ? ('attacker' as const) : ('holder' as const),
    })),
    ...records.filter(isOurs).map((record) => ({ record, depth: LAST, lane: 'responder' as const })),
    ...records.filter(isIssued).map((record) => ({ record, depth: LAST, lane: 'holder' as const })),
  ];
  return { lineage, timeline: timelineOf(placed.toSorted(byCause).map(entryOf), { question, lineage, reading }) };
}

function timelineOf(
  entries: TimelineEntry[],
  { question, lineage, reading }: { question: TimelineQuestion; lineage: Lineage; reading: Reading },
): Timeline {
  return {
    format: 'tourniquet-timeline-1',
    incidentId: question.incidentId,
    seeds: [...question.seeds],
    requestIds: [...reading.requestIds],
    entries,
    credentials: lineage.credentials.map((one) => ({
      id: one.id,
      kind: one.kind,
      principal: one.principal ?? 'unknown',
      parent: one.parent,
      provedBy: one.provedBy,
      strength: one.strength,
      used: lineage.used.has(one.id),
      alive: lineage.alive.has(one),
    })),
    principals: lineage.principals.map((row) => ({ ...row })),
    resources: lineage.resources.map((row) => ({ ...row })),
    attack: lineage.attack.map((row) => ({ ...row, events: [...row.events] })),
    completeness: completenessOf(lineage, reading),
  };
}

function completenessOf({ completeness: found }: Lineage, { requestIds: _, ...reading }: Reading): TimelineCompleteness {
  return {
    ...reading,
    records: found.records,
    accounts: [...found.accounts],
    gaps: [...reading.gaps, ...found.reasons],
    complete: reading.complete && found.reasons.length === 0,
    notRead: [
      ...(found.dataEvents ? [] : ['data events (reads of objects, invocations of functions): Event history does not hold them']),
      `regions other than ${reading.regions.join(', ')}`,
      `accounts other than ${found.accounts.join(', ') || 'ours'}`,
      `what CloudTrail delivers later for the time before ${reading.readUntilAt}`,
    ],
  };
}

function entryOf({ record, lane }: { record: LogRecord; lane: TimelineLane }): TimelineEntry {
  const { actor } = record;
  return {
    at: isoSecond(record.at),
    lane,
    eventId: record.id,
    api: apiOf(record),
    actor: actor.arn ?? actor.userName ?? actor.type,
    accessKeyId: actor.key ?? '',
    sourceIp: record.ip,
    userAgent: record.agent,
    region: record.region,
    account: record.account,
    outcome: record.error ?? 'ok',
    targets: distinct([...touchedBy(record).map(({ arn }) => arn), ...record.named.map(({ arn }) => arn)]).slice(0, 10),
    attack: lane === 'attacker' ? [...techniquesOf(record)] : [],
  };
}

/** `iam:CreateUser`. */
export function apiOf(record: LogRecord): string {
  return `${record.source.replace(/\.amazonaws\.com$/, '')}:${plainName(record.name)}`;
}

function readRecords(raw: Iterable<unknown>): { records: LogRecord[]; faults: ReadFaults } {
  const records = new Map<string, LogRecord>();
  const conflicts = new Set<string>();
  let unreadable = 0;
  for (const value of raw) {
    const record = readLogRecord(value);
    if (typeof record === 'string') {
      unreadable += 1;
      continue;
    }
    const known = records.get(record.id);
    if (known !== undefined && known.isCorrection === record.isCorrection && canonicalJson(known) !== canonicalJson(record))
      conflicts.add(record.id);
    records.set(record.id, known === undefined ? record : betterVersion(known, record));
  }
  const texts = Array.from({ length: unreadable }, () => ({ sha256: '', bytes: 0, reason: 'not a CloudTrail record' }));
  return { records: [...records.values()], faults: { unreadable: texts, unreadFiles: [], conflicts: [...conflicts] } };
}
