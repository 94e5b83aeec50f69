import type { TimelineEntry } from '../contracts/timeline.js';

/** Calls that differ only in time, and looks around of one caller: a scanner's thousand calls are one row. */
export interface EventRun {
  readonly first: TimelineEntry;
  readonly lastAt: string;
  readonly count: number;
  /** Different ones, the first few. */
  readonly apis: readonly string[];
  readonly targets: readonly string[];
}

export interface EventTable {
  /** The first of them; `tail` are the last. */
  readonly head: readonly EventRun[];
  readonly leftOut: number;
  readonly tail: readonly EventRun[];
  /** Events of the responder that changed nothing and are not among the rows. */
  readonly ownReads: number;
}

/** Rows of the table of events; the CSV beside the report has every event. */
const HEAD_ROWS = 120;
const TAIL_ROWS = 40;
const MAX_NAMED = 6;
const READS = /:(Get|List|Describe|Lookup|Simulate|Head|Generate)/;
/** Calls that read what there is and nothing secret; reads of objects and secrets stay rows of their own. */
const LOOKING_AROUND = /:(List|Describe|Simulate|Get(CallerIdentity|User|Role|Group|Policy|Account|Bucket(Location|Acl|Policy)))/;

/**
 * The attacker's events and our own changes as runs of equal calls. The holder's normal work, and what we only read (a
 * containment reads hundreds of times), are in picture and CSV.
 */
export function eventTable(entries: readonly TimelineEntry[]): EventTable {
  const isOurRead = ({ lane, api }: TimelineEntry): boolean => lane === 'responder' && READS.test(api);
  const ownReads = entries.filter(isOurRead).length;
  const runs = runsOf(entries.filter((entry) => entry.lane !== 'holder' && !isOurRead(entry)));
  if (runs.length <= HEAD_ROWS + TAIL_ROWS) return { head: runs, leftOut: 0, tail: [], ownReads };
  const left = runs.slice(HEAD_ROWS, -TAIL_ROWS);
  const leftOut = left.reduce((sum, { count }) => sum + count, 0);
  return { head: runs.slice(0, HEAD_ROWS), leftOut, tail: runs.slice(-TAIL_ROWS), ownReads };
}

function runsOf(entries: readonly TimelineEntry[]): EventRun[] {
  const runs: EventRun[] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    if (last === undefined || keyOf(last.first) !== keyOf(entry)) {
      runs.push({ first: entry, lastAt: entry.at, count: 1, apis: [entry.api], targets: entry.targets.slice(0, MAX_NAMED) });
      continue;
    }
    const apis = firstOf([...last.apis, entry.api]);
    const targets = firstOf([...last.targets, ...entry.targets]);
    runs[runs.length - 1] = { ...last, lastAt: entry.at, count: last.count + 1, apis, targets };
  }
  return runs;
}

function keyOf({ lane, api, actor, accessKeyId, sourceIp, outcome, region, attack }: TimelineEntry): string {
  const what = LOOKING_AROUND.test(api) ? 'looking around' : `${api} ${attack.join(' ')}`;
  return JSON.stringify([lane, what, actor, accessKeyId, sourceIp, outcome, region]);
}

function firstOf(values: readonly string[]): string[] {
  return [...new Set(values)].slice(0, MAX_NAMED);
}

/** One address, agent and key the attacker called with. */
export interface Caller {
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly accessKeyId: string;
  readonly calls: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

const CALLER_ROWS = 20;

/** Where the attacker called from, the busiest first. */
export function attackerCallers(entries: readonly TimelineEntry[]): { readonly rows: readonly Caller[]; readonly leftOut: number } {
  const callers = new Map<string, Caller>();
  for (const { lane, sourceIp, userAgent, accessKeyId, at } of entries) {
    if (lane !== 'attacker') continue;
    const key = JSON.stringify([sourceIp, userAgent, accessKeyId]);
    const known = callers.get(key) ?? { sourceIp, userAgent, accessKeyId, calls: 0, firstAt: at, lastAt: at };
    callers.set(key, { ...known, calls: known.calls + 1, lastAt: at });
  }
  const rows = [...callers.values()].toSorted((a, b) => b.calls - a.calls);
  return { rows: rows.slice(0, CALLER_ROWS), leftOut: Math.max(0, rows.length - CALLER_ROWS) };
}
