import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from './clock.js';

type Sleeper = { readonly dueAt: number; readonly order: number; readonly wake: () => void };

/** A clock that stands still until `advance` moves it: due sleepers wake one by one, in order. */
export interface VirtualClock extends Clock {
  occupy(): () => void;
  /** Moves time forward by `ms`; each due sleeper runs at its own time and finishes its work before the next wakes. */
  advance(ms: number): Promise<void>;
}

/**
 * Makes a virtual clock.
 *
 * @param startAt first value of `now()` in milliseconds; the default is a whole second, so rounded times stay equal.
 */
export function createVirtualClock(startAt: number = Date.UTC(2026, 10, 2, 9, 0, 0)): VirtualClock {
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

  const occupy = (): (() => void) => {
    working += 1;
    let released = false;
    return () => {
      if (!released) working -= 1;
      released = true;
    };
  };

  // At least one turn of the event loop, so that a woken sleeper can mark itself as working.
  const settle = async (): Promise<void> => {
    do await nextTurn();
    while (working > 0);
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

  return { now: () => now, sleep, occupy, advance };
}

function earliest(sleepers: readonly Sleeper[]): Sleeper | undefined {
  return sleepers.reduce<Sleeper | undefined>(
    (best, one) => (best === undefined || one.dueAt < best.dueAt || (one.dueAt === best.dueAt && one.order < best.order) ? one : best),
    undefined,
  );
}
