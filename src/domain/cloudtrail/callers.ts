import type { BlastRadius } from '../../contracts/plan.js';
import { type CloudTrailRecord, eventMs, isSuccess } from './record.js';

type Caller = BlastRadius['callers'][number];

/** Who used the principal: one row per address and user agent, most calls first, at most ten. */
export function callersOf(records: readonly CloudTrailRecord[]): Caller[] {
  const rows = new Map<string, { caller: Caller; first: number; last: number }>();
  for (const record of records.filter(isSuccess)) {
    const key = `${record.sourceIPAddress}|${record.userAgent}`;
    const at = eventMs(record);
    const row = rows.get(key);
    const first = Math.min(at, row?.first ?? at);
    const last = Math.max(at, row?.last ?? at);
    rows.set(key, { first, last, caller: callerRow(record, { calls: (row?.caller.calls ?? 0) + 1, first, last }) });
  }
  return [...rows.values()]
    .map((row) => row.caller)
    .toSorted((a, b) => b.calls - a.calls)
    .slice(0, 10);
}

/**
 * A finding's first event is rarely the intruder's first call: a caller counts as known from this long before it, and what an unknown one did
 * since then is the intruder's.
 */
export const KNOWN_BEFORE_MS = 3_600_000;

/** Callers split by whether they were seen well before the first suspicious moment. */
export function splitCallers(callers: readonly Caller[], suspiciousSinceMs: number): { known: Caller[]; fresh: Caller[] } {
  const isKnown = (caller: Caller): boolean => Date.parse(caller.firstSeenAt) < suspiciousSinceMs - KNOWN_BEFORE_MS;
  return { known: callers.filter(isKnown), fresh: callers.filter((caller) => !isKnown(caller)) };
}

/** Was the principal used within the 24 h before `nowMs` by a caller known from before the suspicion? */
export function legitimateUseLast24h(callers: readonly Caller[], time: { suspiciousSinceMs: number; nowMs: number }): boolean {
  const dayAgo = time.nowMs - 24 * 3_600_000;
  return splitCallers(callers, time.suspiciousSinceMs).known.some((caller) => Date.parse(caller.lastSeenAt) >= dayAgo);
}

function callerRow(record: CloudTrailRecord, seen: { calls: number; first: number; last: number }): Caller {
  return {
    sourceIp: record.sourceIPAddress.slice(0, 64),
    userAgent: record.userAgent.slice(0, 120),
    calls: seen.calls,
    firstSeenAt: new Date(seen.first).toISOString(),
    lastSeenAt: new Date(seen.last).toISOString(),
  };
}
