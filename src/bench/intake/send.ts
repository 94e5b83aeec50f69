import { setTimeout as delay } from 'node:timers/promises';
import type { Delivery } from './storm.js';

/** How the sending of many alerts went. */
export interface Sending {
  /** Milliseconds from the request to its 202, by delivery, sorted. */
  readonly acceptMs: readonly number[];
  readonly rejected: number;
  /** Neither accepted nor rejected, after all attempts. */
  readonly unanswered: number;
  readonly seconds: number;
}

/** Sources have several deliveries under way. */
const AT_ONCE = 16;
/** A source tries again when it is told to: 503 and broken connections. */
const ATTEMPTS = 10;

/** Sends deliveries to an address each, as sources do. `onAnswer` hears how many have been answered. */
export async function sendAll(
  deliveries: readonly Delivery[],
  { request, onAnswer }: { request: (delivery: Delivery) => Request; onAnswer?: (answered: number) => void },
): Promise<Sending> {
  const acceptMs: number[] = [];
  const counts = { rejected: 0, unanswered: 0, answered: 0 };
  const open = deliveries.values();
  const startedMs = performance.now();
  const work = async (): Promise<void> => {
    for (const delivery of open) {
      const beganMs = performance.now();
      const status = await deliver(() => request(delivery));
      if (status === 202) acceptMs.push(performance.now() - beganMs);
      else if (status === undefined) counts.unanswered += 1;
      else counts.rejected += 1;
      counts.answered += 1;
      onAnswer?.(counts.answered);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { ...counts, acceptMs: acceptMs.toSorted((a, b) => a - b), seconds: (performance.now() - startedMs) / 1000 };
}

/** The status of the last answer; undefined when nobody took it. */
async function deliver(request: () => Request): Promise<number | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const response = await fetch(request()).catch(() => undefined);
    await response?.arrayBuffer();
    if (response !== undefined && response.status !== 503) return response.status;
    await delay(1000 * Number(response?.headers.get('retry-after') ?? 1));
  }
  return undefined;
}

/** The value that this share of the sorted values does not exceed; 0 of nothing. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
