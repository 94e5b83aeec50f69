import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from './clock.js';

type Sleeper = { readonly dueAt: number; readonly order: number; readonly wake: () => void };

/** A clock that stands still until `advance` moves it: due sleepers wake one by one, in order. */
export interface VirtualClock extends Clock {
  occupy(): () => void;
  yieldWork(): () => void;
  /** Moves time forward by `ms`; each due sleeper runs at its own time and finishes its work before the next wakes. */
  advance(ms: number): Promise<void>;
}

/**
 * Makes a virtual clock.
 *
 * @param startAt first value of `now()` in milliseconds; the default is a whole second, so rounded times stay equal.
 * @param turns of the event loop that a woken sleeper has before time moves on, for callers that do not occupy the clock.
 */
export function createVirtualClock(startAt: number = Date.UTC(2026, 10, 2, 9, 0, 0), { turns = 1 }: { turns?: number } = {}): VirtualClock {
  let now = startAt;
  let order = 0;
  let working = 0;
  let sleepers: Sleeper[] = [];

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        sleepers = sleepers.filter((one) => one !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { dueAt: now + Math.max(0, ms), order: order++, wake };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });

  const shift = (by: 1 | -1): (() => void) => {
    working += by;
    let isBack = false;
    return () => {
      if (!isBack) working -= by;
      isBack = true;
    };
  };

  // At least one turn of the event loop, so that a woken sleeper can mark itself as working.
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < turns; quiet = working > 0 ? 0 : quiet + 1) await nextTurn();
  };

  const advance = async (ms: number): Promise<void> => {
    const target = now + ms;
    await settle();
    for (let next = earliest(sleepers); next !== undefined && next.dueAt <= target; next = earliest(sleepers)) {
      now = Math.max(now, next.dueAt);
      next.wake();
      await settle();
    }
    now = target;
  };

  return { now: () => now, sleep, occupy: () => shift(1), yieldWork: () => shift(-1), advance };
}

function earliest(sleepers: readonly Sleeper[]): Sleeper | undefined {
  return sleepers.reduce<Sleeper | undefined>(
    (best, one) => (best === undefined || one.dueAt < best.dueAt || (one.dueAt === best.dueAt && one.order < best.order) ? one : best),
    undefined,
  );
}
