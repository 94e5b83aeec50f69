import type { Logger } from '../../telemetry/logger.js';

/** Until an abort the time that was asked for, then none. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** First and longest pause after a failure; recovery is noticed within the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** 1, 2, 4 … 60 seconds. */
export function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
}

/** Something that this process depends on, and whether it works. Its outage is logged once, and its end. */
export interface Upstream {
  failed(reason: string): void;
  worked(): void;
  isDown(): boolean;
  /** Pauses, longer each time in a row. */
  pause(signal: AbortSignal): Promise<void>;
  /** The outage may be over: only the next use tells, so pauses go on growing. */
  tryAgain(): void;
}

/** @param what begins the log lines, e.g. `Temporal` */
export function createUpstream(
  what: string,
  { logger, sleep }: { readonly logger: Pick<Logger, 'info' | 'error'>; readonly sleep: Sleep },
): Upstream {
  let down = false;
  let logged = false;
  let pauses = 0;
  return {
    failed: (reason) => {
      down = true;
      if (!logged) logger.error({ reason }, `${what} does not take calls: alerts stay in the queue`);
      logged = true;
    },
    worked: () => {
      if (logged) logger.info(`${what} takes calls again`);
      down = false;
      logged = false;
      pauses = 0;
    },
    isDown: () => down,
    pause: async (signal) => {
      pauses += 1;
      await sleep(pauseMs(pauses), signal);
    },
    tryAgain: () => {
      down = false;
    },
  };
}
