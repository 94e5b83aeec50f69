import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock/clock.js';
import type { Random, Seconds } from '../random/random.js';

/** The time that calls are under way before the account hears of them. */
export interface Latency {
  /** Lets one call travel. A travelling actor does not hold a virtual clock still. */
  travel(traveller: { readonly isActor: boolean }): Promise<void>;
  /** Until the returned function is called nothing travels: what is under way arrives, what comes arrives at once. */
  skip(): () => void;
}

/** What latency depends on; without `seconds` every call arrives at once. */
export interface LatencyDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly seconds: Seconds | undefined;
}

/** Makes a latency of one seeded draw per call, in order of the calls. */
export function createLatency({ clock, random, seconds }: LatencyDeps): Latency {
  let skipping = openRoad();
  return {
    travel: async ({ isActor }) => {
      if (seconds === undefined) return;
      const resume = isActor ? clock.yieldWork?.() : undefined;
      await clock.sleep(random.millisecondsIn(seconds), skipping.signal);
      resume?.();
    },
    skip: () => {
      skipping.abort();
      return () => {
        skipping = openRoad();
      };
    },
  };
}

/** Every call under way listens for its end. */
function openRoad(): AbortController {
  const road = new AbortController();
  setMaxListeners(0, road.signal);
  return road;
}
