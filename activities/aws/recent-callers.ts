import type { BlastRadius } from '../../src/contracts/plan.js';
import type { Principal } from '../../src/contracts/principal.js';
import { callersOf } from '../../src/domain/cloudtrail/callers.js';
import type { EventHistory } from '../../src/ports/event-history.js';

/** How far back callers are looked for: long enough to know an address, short enough for a few pages. */
const LOOK_BACK_MS = 48 * 3_600_000;
/** 200 events a region: the newest ones, at 2 requests a second. */
const MAX_PAGES = 4;
/** Score and plan ask within seconds of each other; the answer may be this old. What was long ago stays as it was. */
const KEEP_MS = { now: 20_000, past: 3_600_000 } as const;

export interface CallersAnswer {
  readonly callers: BlastRadius['callers'];
  readonly notRead: string[];
}
/** `untilMs`: only what came before; else until now. */
export type RecentCallers = (principal: Principal, untilMs?: number) => Promise<CallersAnswer>;

/**
 * Who used a principal lately, from CloudTrail, every configured region. What could not be read to its end
 * is named in `notRead`. Concurrent and repeated questions share one answer, for 20 s when they ask about now.
 * Needs `cloudtrail:LookupEvents`.
 */
export function createRecentCallers({ history, nowMs }: { history: EventHistory; nowMs: () => number }): RecentCallers {
  const kept = new Map<string, { untilMs: number; answer: Promise<CallersAnswer> }>();

  async function read(principal: Principal, toMs: number): Promise<CallersAnswer> {
    const isRole = principal.kind === 'role';
    const notRead: string[] = [];
    const answers = await Promise.all(
      history.regions.map(async (region) => {
        try {
          const answer = await history.lookup({
            account: principal.account,
            region,
            // A role's users are those who assumed it; its sessions carry their own names.
            attribute: isRole ? 'ResourceName' : 'Username',
            value: isRole ? principal.arn : principal.name,
            fromMs: toMs - LOOK_BACK_MS,
            toMs,
            maxPages: MAX_PAGES,
            // Plan and authority rest on it: nothing is denied before it is known.
            priority: 'write',
          });
          if (!answer.complete) notRead.push(`events of ${region} before the newest ${MAX_PAGES * 50}`);
          return isRole ? answer.records.filter(({ eventName }) => eventName.startsWith('AssumeRole')) : answer.records;
        } catch (error) {
          notRead.push(`events of ${region} (${error instanceof Error ? error.name : 'failed'})`);
          return [];
        }
      }),
    );
    return { callers: callersOf(answers.flat()), notRead };
  }

  return (principal, untilMs) => {
    const key = `${principal.uniqueId} ${untilMs ?? ''}`;
    const atMs = nowMs();
    for (const [other, entry] of kept) if (entry.untilMs <= atMs) kept.delete(other);
    const known = kept.get(key);
    if (known !== undefined) return known.answer;
    const answer = read(principal, untilMs ?? atMs);
    const entry = { untilMs: atMs + KEEP_MS.now, answer };
    kept.set(key, entry);
    if (untilMs !== undefined)
      void answer.then(({ notRead }) => {
        if (notRead.length === 0) entry.untilMs = atMs + KEEP_MS.past;
      });
    return answer;
  };
}
