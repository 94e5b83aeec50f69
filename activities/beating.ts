import { heartbeat } from '@temporalio/activity';

/** Well under the heartbeat time-out of the profiles that use it. */
const BEAT_MS = 2_000;

/**
 * Beats while the activity works, so that a killed worker is noticed after seconds and not after the whole attempt.
 * Not for activities that keep their progress in the heartbeat.
 */
export function beating<I, O>(work: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return async (input) => {
    const timer = setInterval(() => heartbeat(), BEAT_MS);
    try {
      return await work(input);
    } finally {
      clearInterval(timer);
    }
  };
}
