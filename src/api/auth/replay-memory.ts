import { unavailable } from '../problem.js';

/** Signatures that were used within their window. 100,000 are about 10 MB, and 333 deliveries a second. */
const MAX_REMEMBERED = 100_000;

/** Remembers what was used once, until it could not be used any more; bounded. Of this process: a restart forgets. */
export interface ReplayMemory {
  /** False when it was used before. @throws Problem 503 when there is no room: forgetting would let a replay in. */
  use(key: string, until: { readonly expiresMs: number; readonly nowMs: number }): boolean;
  /** What was used came to nothing: the sender may send the very same again. */
  release(key: string): void;
}

/** An empty memory. */
export function createReplayMemory(maxRemembered = MAX_REMEMBERED): ReplayMemory {
  const expiry = new Map<string, number>();
  return {
    use(key, { expiresMs, nowMs }) {
      const until = expiry.get(key);
      if (until !== undefined && until >= nowMs) return false;
      if (expiry.size >= maxRemembered) for (const [old, atMs] of expiry) if (atMs < nowMs) expiry.delete(old);
      if (expiry.size >= maxRemembered) throw unavailable('too many deliveries at once');
      expiry.set(key, expiresMs);
      return true;
    },
    release: (key) => void expiry.delete(key),
  };
}
