import type { Clock } from '../clock/clock.js';
import type { Random } from '../random/random.js';
import { play, type NarratedLine, type Script } from './stage.js';

/** The actors of a scenario, running or not. */
export interface Cast {
  readonly names: readonly string[];
  /** Starts the named actors, or all; one that is running is left alone. @throws Error for an unknown name */
  start(names?: readonly string[]): void;
  /** Stops all and waits until none of them calls any more. */
  stop(): Promise<void>;
}

/** What a cast needs. */
export interface CastDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly narrate: (line: NarratedLine) => void;
  readonly scripts: Readonly<Record<string, () => Script>>;
}

/** Makes a cast that has not started. */
export function createCast({ clock, random, narrate, scripts }: CastDeps): Cast {
  const names = Object.keys(scripts);
  const running = new Map<string, Promise<void>>();
  let curtain = new AbortController();

  const startOne = (actor: string): void => {
    const script = scripts[actor];
    if (script === undefined) throw new Error(`no actor "${actor}": the cast is ${names.join(', ')}`);
    if (running.has(actor)) return;
    const { signal } = curtain;
    running.set(actor, play(script(), { clock, random: random.fork(actor), actor, signal, narrate }));
  };

  return {
    names,
    start: (wanted = names) => wanted.forEach(startOne),
    stop: async () => {
      curtain.abort();
      await Promise.allSettled(running.values());
      running.clear();
      curtain = new AbortController();
    },
  };
}
