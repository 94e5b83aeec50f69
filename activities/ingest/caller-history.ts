import type { Alert } from '../../src/contracts/alert.js';
import type { UnusualCall } from '../../src/contracts/detection.js';
import { type CloudTrailRecord, eventMs } from '../../src/domain/cloudtrail/record.js';
import type { EventHistory } from '../../src/ports/event-history.js';

/** The newest 200 events of the last hours, and the newest 100 from before: at 2 requests a second it must be few. */
const RECENT_PAGES = 4;
const EARLIER_PAGES = 2;
/** A storm asks for one principal many times: the answer may be this old. */
const KEEP_MS = 20_000;
/** Answers kept at most: an alert's names are a stranger's. */
const MAX_KEPT = 500;
const HOUR_MS = 3_600_000;

export interface CallerHistory {
  readonly records: readonly CloudTrailRecord[];
  /** How many hours before the last ones the records cover. */
  readonly earlierHours: number;
  /** What could not be read; the records then are only a part. */
  readonly notRead: readonly string[];
}

/** How far back is read, and which part of it counts as recent. */
export type Hours = Pick<UnusualCall, 'recentHours' | 'historyHours'>;

/** Reads what a call's principal did in the last hours. */
export type PastOf = (alert: Alert & { account: string }, hours: Hours) => Promise<CallerHistory>;

/**
 * The past of whoever made a call, from CloudTrail, every configured region, by the name that CloudTrail lists events under.
 * Concurrent and repeated questions share one answer for 20 s. Needs `cloudtrail:LookupEvents`.
 */
export function createPastOf({ history, nowMs }: { history: EventHistory; nowMs: () => number }): PastOf {
  const kept = new Map<string, { atMs: number; answer: Promise<CallerHistory> }>();

  async function read(who: { account: string; value: string }, { recentHours, historyHours }: Hours): Promise<CallerHistory> {
    const toMs = nowMs();
    const edgeMs = toMs - recentHours * HOUR_MS;
    const startMs = toMs - historyHours * HOUR_MS;
    const notRead: string[] = [];
    let coveredFromMs = startMs;
    const readRegion = async (region: string): Promise<CloudTrailRecord[]> => {
      const query = { ...who, region, attribute: 'Username' } as const;
      const recent = await history.lookup({ ...query, fromMs: edgeMs, toMs, maxPages: RECENT_PAGES });
      const earlier = await history.lookup({ ...query, fromMs: startMs, toMs: edgeMs, maxPages: EARLIER_PAGES });
      if (!earlier.complete) coveredFromMs = Math.max(coveredFromMs, Math.min(...earlier.records.map(eventMs)));
      return [...recent.records, ...earlier.records];
    };
    const answers = await Promise.all(
      history.regions.map((region) =>
        readRegion(region).catch((error: unknown): CloudTrailRecord[] => {
          notRead.push(`events of ${region} (${error instanceof Error ? error.name : 'failed'})`);
          return [];
        }),
      ),
    );
    return { records: answers.flat(), earlierHours: Math.max(0, edgeMs - coveredFromMs) / HOUR_MS, notRead };
  }

  return async (alert, hours) => {
    const value = listedName(alert);
    if (value === undefined) return { records: [], earlierHours: 0, notRead: ['the call names nobody'] };
    const key = JSON.stringify([alert.account, value, hours.recentHours, hours.historyHours]);
    const known = kept.get(key);
    if (known !== undefined && nowMs() - known.atMs < KEEP_MS) return known.answer;
    const answer = read({ account: alert.account, value }, hours);
    kept.delete(key);
    kept.set(key, { atMs: nowMs(), answer });
    for (const oldest of kept.keys()) if (kept.size > MAX_KEPT) kept.delete(oldest);
    return answer;
  };
}

/** User name, session name, federated name, or `root` (aws-domain 5.2). */
function listedName({ principalKind, hints }: Alert): string | undefined {
  if (principalKind === 'root') return 'root';
  const session = hints.principalId?.split(':')[1];
  return principalKind === 'session' || principalKind === 'federatedUser' ? session : hints.userName;
}
