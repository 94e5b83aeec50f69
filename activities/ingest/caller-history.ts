import type { Alert } from '../../src/contracts/alert.js';
import type { CloudTrailRecord } from '../../src/domain/cloudtrail/record.js';
import type { EventHistory } from '../../src/ports/event-history.js';

/** 200 events a region: the newest ones, at 2 requests a second. */
const MAX_PAGES = 4;
/** A storm asks for one principal many times: the answer may be this old. */
const KEEP_MS = 20_000;
/** Answers kept at most: an alert's names are a stranger's. */
const MAX_KEPT = 500;
const HOUR_MS = 3_600_000;

export interface CallerHistory {
  readonly records: readonly CloudTrailRecord[];
  /** What could not be read to its end; the records then are only a part. */
  readonly notRead: readonly string[];
}

/** Reads what a call's principal did in the last hours. */
export type PastOf = (alert: Alert & { account: string }, hours: number) => Promise<CallerHistory>;

/**
 * The past of whoever made a call, from CloudTrail, every configured region, by the name that CloudTrail lists events under.
 * Concurrent and repeated questions share one answer for 20 s. Needs `cloudtrail:LookupEvents`.
 */
export function createPastOf({ history, nowMs }: { history: EventHistory; nowMs: () => number }): PastOf {
  const kept = new Map<string, { atMs: number; answer: Promise<CallerHistory> }>();

  async function read({ account, value, hours }: { account: string; value: string; hours: number }): Promise<CallerHistory> {
    const toMs = nowMs();
    const notRead: string[] = [];
    const query = { account, attribute: 'Username', value, fromMs: toMs - hours * HOUR_MS, toMs, maxPages: MAX_PAGES } as const;
    const answers = await Promise.all(
      history.regions.map(async (region) => {
        try {
          const { records, complete } = await history.lookup({ ...query, region });
          if (!complete) notRead.push(`events of ${region} before the newest ${MAX_PAGES * 50}`);
          return records;
        } catch (error) {
          notRead.push(`events of ${region} (${error instanceof Error ? error.name : 'failed'})`);
          return [];
        }
      }),
    );
    return { records: answers.flat(), notRead };
  }

  return async (alert, hours) => {
    const value = listedName(alert);
    if (value === undefined) return { records: [], notRead: ['the call names nobody'] };
    const key = JSON.stringify([alert.account, value, hours]);
    const known = kept.get(key);
    if (known !== undefined && nowMs() - known.atMs < KEEP_MS) return known.answer;
    const answer = read({ account: alert.account, value, hours });
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
