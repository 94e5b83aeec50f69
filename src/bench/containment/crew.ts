import { setMaxListeners } from 'node:events';
import type { VirtualClock } from '../../range/index.js';

/** Work that goes on side by side on one virtual clock. */
export interface Crew {
  start(work: () => Promise<void>): void;
  /** Waits in virtual time; rejects when the crew is stopped. */
  sleep(ms: number): Promise<void>;
  readonly stopped: () => boolean;
  /** What went wrong, in order. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

class Stopped extends Error {}

/** Makes a crew that has nothing to do. */
export function createCrew(clock: VirtualClock): Crew {
  const curtain = new AbortController();
  // Everybody who sleeps listens for it.
  setMaxListeners(0, curtain.signal);
  const running = new Set<Promise<void>>();
  const failures: string[] = [];

  return {
    failures,
    stopped: () => curtain.signal.aborted,
    start: (work) => {
      if (curtain.signal.aborted) return;
      const done = work()
        .catch((error: unknown) => {
          if (!(error instanceof Stopped)) failures.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
        })
        .finally(() => running.delete(done));
      running.add(done);
    },
    sleep: async (ms) => {
      await clock.sleep(ms, curtain.signal);
      if (curtain.signal.aborted) throw new Stopped('the run is over');
    },
    stop: async () => {
      curtain.abort();
      while (running.size > 0) {
        // Calls under way still travel: time must move for them to arrive.
        await clock.advance(200);
      }
    },
  };
}
