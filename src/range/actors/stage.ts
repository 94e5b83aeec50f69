import type { Clock } from '../clock/clock.js';
import type { Random } from '../random/random.js';

/** A line for whoever watches a drill. */
export type NarratedLine = { readonly at: string; readonly actor: string; readonly text: string };

/** How one call of an actor ended. */
export type Attempt<T> = { readonly allowed: true; readonly answer: T } | { readonly allowed: false; readonly errorCode: string };

/** What an actor can do besides calling AWS. */
export interface Stage {
  readonly random: Random;
  readonly isStopped: () => boolean;
  /** Waits about `seconds` (a tenth more or less, seeded), or until the actors are stopped. */
  pause(seconds: number): Promise<void>;
  say(text: string): void;
  /** Does several things side by side, as a script with threads does. */
  together<T>(acts: readonly (() => Promise<T>)[]): Promise<T[]>;
  /** Runs several scripts side by side until all are over, each with pauses of its own. */
  beside(scripts: readonly Script[]): Promise<void>;
  /** Makes a call and turns a refusal into a value. */
  attempt<T>(call: Promise<T>): Promise<Attempt<T>>;
}

/** What a stage is built on. */
export interface StageDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly actor: string;
  readonly signal: AbortSignal;
  readonly narrate: (line: NarratedLine) => void;
}

/** An actor's script: runs until it is over or the stage is stopped. */
export type Script = (stage: Stage) => Promise<void>;

/** Plays a script. Between pauses the actor occupies the clock, so virtual time stands still while it calls. */
export async function play(script: Script, { clock, random, actor, signal, narrate }: StageDeps): Promise<void> {
  let release = clock.occupy?.();
  const pause = async (seconds: number): Promise<void> => {
    const ms = seconds * 1000 * (0.9 + random.next() * 0.2);
    const sleeping = clock.sleep(ms, signal);
    release?.();
    await sleeping;
    release = clock.occupy?.();
  };
  // Each of them holds a virtual clock for itself, and lets go while its call is under way.
  const together: Stage['together'] = async (acts) => {
    const resume = clock.yieldWork?.();
    const done = await Promise.all(
      acts.map(async (act) => {
        const finish = clock.occupy?.();
        return act().finally(() => finish?.());
      }),
    );
    resume?.();
    return done;
  };
  const beside: Stage['beside'] = async (scripts) => {
    const resume = clock.yieldWork?.();
    await Promise.all(scripts.map((one, index) => play(one, { clock, random: random.fork(`script-${index}`), actor, signal, narrate })));
    resume?.();
  };
  const stage: Stage = {
    random,
    together,
    beside,
    isStopped: () => signal.aborted,
    pause,
    say: (text) => narrate({ at: new Date(clock.now()).toISOString(), actor, text }),
    attempt: (call) =>
      call.then(
        (answer) => ({ allowed: true, answer }),
        (error: unknown) => ({ allowed: false, errorCode: error instanceof Error ? error.name : 'Unknown' }),
      ),
  };
  try {
    await script(stage);
  } finally {
    release?.();
  }
}
