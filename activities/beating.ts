import { heartbeat } from '@temporalio/activity';

/** Well under the heartbeat time-out of the profiles that use it. */
const BEAT_MS = 2_000;

/**
 * Beats while the activity works, so that a killed worker is noticed after seconds and not after the whole attempt.
 * Not for activities that keep their progress in the heartbeat.
 */
export function beating<A extends unknown[], O>(work: (...args: A) => Promise<O>): (...args: A) => Promise<O> {
  return async (...args) => {
    const timer = setInterval(() => heartbeat(), BEAT_MS);
    try {
      return await work(...args);
    } finally {
      clearInterval(timer);
    }
  };
}
