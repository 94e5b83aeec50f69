import type { TimelineEntry } from '../contracts/timeline.js';

/** Calls that differ only in time: a scanner's thousand refused calls are one row. */
export interface EventRun {
  readonly first: TimelineEntry;
  readonly lastAt: string;
  readonly count: number;
  readonly targets: readonly string[];
}

export interface EventTable {
  /** The first of them; `tail` are the last. */
  readonly head: readonly EventRun[];
  readonly leftOut: number;
  readonly tail: readonly EventRun[];
}

/** Rows of the table of events; the CSV beside the report has every event. */
const HEAD_ROWS = 120;
const TAIL_ROWS = 40;
const MAX_TARGETS = 4;

/** The attacker's and our own events as runs of equal calls; the holder's normal work is in picture and CSV only. */
export function eventTable(entries: readonly TimelineEntry[]): EventTable {
  const runs = runsOf(entries.filter(({ lane }) => lane !== 'holder'));
  if (runs.length <= HEAD_ROWS + TAIL_ROWS) return { head: runs, leftOut: 0, tail: [] };
  const left = runs.slice(HEAD_ROWS, -TAIL_ROWS);
  return { head: runs.slice(0, HEAD_ROWS), leftOut: left.reduce((sum, { count }) => sum + count, 0), tail: runs.slice(-TAIL_ROWS) };
}

function runsOf(entries: readonly TimelineEntry[]): EventRun[] {
  const runs: EventRun[] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    if (last === undefined || keyOf(last.first) !== keyOf(entry)) {
      runs.push({ first: entry, lastAt: entry.at, count: 1, targets: entry.targets.slice(0, MAX_TARGETS) });
      continue;
    }
    const targets = [...new Set([...last.targets, ...entry.targets])].slice(0, MAX_TARGETS);
    runs[runs.length - 1] = { ...last, lastAt: entry.at, count: last.count + 1, targets };
  }
  return runs;
}

function keyOf({ lane, api, actor, accessKeyId, sourceIp, userAgent, outcome, region }: TimelineEntry): string {
  return JSON.stringify([lane, api, actor, accessKeyId, sourceIp, userAgent, outcome, region]);
}
