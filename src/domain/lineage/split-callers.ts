import { techniquesOf } from './attack.js';
import type { LogRecord } from './log-record.js';
import { append } from './values.js';

/** The established caller must have been there this long before any other, as in `domain/cloudtrail/callers.ts`. */
const KNOWN_BEFORE_MS = 3_600_000;
/** … with at least this many calls by then. */
const KNOWN_CALLS = 3;
/** A call made by a service on the caller's behalf follows the caller's own call within this time. */
const ON_BEHALF_MS = 3_600_000;
/** Persistence, escalation and impairing defences: a workload's routine holds none of them. */
const MISUSE = /^T(1098|1136|1556|1484|1685|1686|1666|1562)/;

/** What an incident's alerts say of the theft. */
export interface Alarm {
  /** First suspicious moment, epoch ms. */
  readonly since: number;
  /** Addresses the alerts name: never the holder's. */
  readonly ips: ReadonlySet<string>;
}

export interface SplitRule {
  readonly alarm?: Alarm | undefined;
  readonly suspectIps: ReadonlySet<string>;
  /** Earlier use is the holder's: the analyst says the theft began here. */
  readonly since?: number | undefined;
}

/**
 * The ids of the seed's records that are the thief's; the others are the holder's.
 *
 * With an alarm, an address is the holder's when it was there an hour and three calls before the first suspicious moment;
 * what it does from then on counts as the thief's once it misuses the key. With suspected addresses, these decide. Without, all is the thief's, unless one caller is clearly another:
 * callers that share an address or a user agent are one; the earliest of them is the holder when it was there an hour and
 * three calls before anyone else and never made a call that persists, escalates or impairs defences.
 * Calls by an AWS service on behalf of the key go with the last caller before them.
 */
export function thiefsOf(seedRecords: readonly LogRecord[], rule: SplitRule): Set<string> {
  const isHolder = holderRule(seedRecords, rule);
  const thiefs = new Set<string>();
  let last: { record: LogRecord; holder: boolean } | undefined;
  for (const record of seedRecords) {
    const early = rule.since !== undefined && record.at < rule.since;
    const follows = last !== undefined && record.at - last.record.at <= ON_BEHALF_MS;
    const onBehalf = isServiceAddress(record.ip);
    const holder = early || (onBehalf && follows && last !== undefined ? last.holder : isHolder(record));
    if (!holder) thiefs.add(record.id);
    // Of two callers in one second the thief comes last: in doubt the service acted for the thief.
    if (!onBehalf && !(holder && last?.record.at === record.at && !last.holder)) last = { record, holder };
  }
  return thiefs;
}

/** `cloudformation.amazonaws.com`, `AWS Internal`: no address of a caller. */
export function isServiceAddress(ip: string): boolean {
  return ip.endsWith('.amazonaws.com') || ip === 'aws internal' || ip === 'unknown';
}

/** The user agent without what changes from call to call. */
export function stableAgent(agent: string): string {
  return agent.replace(/\s*\b(command|api|cfg|m|ua|md\/prompt|md\/command)[/#][^\s\]]+/g, '').trim();
}

function holderRule(records: readonly LogRecord[], { alarm, suspectIps }: SplitRule): (record: LogRecord) => boolean {
  if (alarm !== undefined) return knownAddresses(records, alarm);
  return suspectIps.size > 0 ? (record) => !suspectIps.has(record.ip) : establishedCaller(records);
}

function knownAddresses(records: readonly LogRecord[], { since, ips }: Alarm): (record: LogRecord) => boolean {
  const known = new Set<string>();
  const misused = new Set<string>();
  const calls = new Map<string, LogRecord[]>();
  for (const record of records) append(calls, record.ip, record);
  for (const [ip, own] of calls) {
    const before = own.filter(({ at }) => at < since);
    if (!ips.has(ip) && before.length >= KNOWN_CALLS && (before[0]?.at ?? Infinity) < since - KNOWN_BEFORE_MS) known.add(ip);
    const late = own.filter(({ at }) => at >= since - KNOWN_BEFORE_MS);
    if (late.some((record) => techniquesOf(record).some((technique) => MISUSE.test(technique)))) misused.add(ip);
  }
  return ({ ip, at }) => known.has(ip) && !(misused.has(ip) && at >= since - KNOWN_BEFORE_MS);
}

function establishedCaller(records: readonly LogRecord[]): (record: LogRecord) => boolean {
  const own = records.filter((record) => !isServiceAddress(record.ip));
  const groups = groupsOf(own);
  const [first, ...others] = [...groups.values()];
  const newcomer = others.map((group) => group[0]?.at ?? Infinity).reduce((a, b) => Math.min(a, b), Infinity);
  const start = first?.[0]?.at;
  if (first === undefined || start === undefined || others.length === 0) return () => false;
  const known = first.filter((record) => record.at < newcomer).length;
  const clean = !first.some((record) => techniquesOf(record).some((technique) => MISUSE.test(technique)));
  if (newcomer - start < KNOWN_BEFORE_MS || known < KNOWN_CALLS || !clean) return () => false;
  const ids = new Set(first.map((record) => record.id));
  return (record) => ids.has(record.id);
}

/** Callers joined where they share an address or a user agent, in order of their first record. */
function groupsOf(records: readonly LogRecord[]): Map<string, LogRecord[]> {
  const parent = new Map<string, string>();
  const find = (node: string): string => {
    let at = node;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
  for (const record of records) {
    const [ip, agent] = [find(`ip ${record.ip}`), find(`agent ${stableAgent(record.agent)}`)];
    if (ip !== agent) parent.set(agent, ip);
  }
  const groups = new Map<string, LogRecord[]>();
  for (const record of records) append(groups, find(`ip ${record.ip}`), record);
  return groups;
}
