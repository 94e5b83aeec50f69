import type { Clock } from '../clock/clock.js';
import type { Random, Seconds } from '../random/random.js';
import type { Stamp } from './facet.js';

/** Draws when a write takes hold. */
export interface Propagation {
  /** The stamp of a change to something that exists: enforcement lags by a seeded draw. */
  change(writer: string): Stamp;
  /** The stamp of something new (a user, a key) and of the scenario's own set-up: in force at once. */
  creation(writer: string): Stamp;
}

/** What the lag depends on. */
export interface PropagationDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly lag: Seconds;
  /** Whether other readers than the writer see old values for a while (aws-domain 2.1). */
  readonly staleReads: boolean;
}

/** Makes the model of IAM's eventual consistency: one draw per write, so facets of one write move together. */
export function createPropagation({ clock, random, lag, staleReads }: PropagationDeps): Propagation {
  return {
    change: (writer) => {
      const writtenAt = clock.now();
      const effectiveAt = writtenAt + random.millisecondsIn(lag);
      return { writtenAt, effectiveAt, visibleAt: staleReads ? effectiveAt : writtenAt, writer };
    },
    creation: (writer) => {
      const writtenAt = clock.now();
      return { writtenAt, effectiveAt: writtenAt, visibleAt: writtenAt, writer };
    },
  };
}
