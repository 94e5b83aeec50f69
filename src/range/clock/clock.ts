/** Time as the range sees it. Everything that happens "later" in the range goes through this. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once (without an error) when `signal` aborts: a stopped actor just finishes. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Marks the caller as working until the returned function is called. A virtual clock does not move
   * while somebody works, which is what makes a run repeatable; a real clock has no such method.
   */
  occupy?(): () => void;
  /** Takes back one mark of `occupy` until the returned function is called: its owner waits for something that takes time itself. */
  yieldWork?(): () => void;
}

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(0, ms));
      signal?.addEventListener('abort', finish, { once: true });
    }),
};
