import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;

/**
 * Looks again and again until there is an answer.
 *
 * @throws Error that names what never came, and what was last seen.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { seconds = 60, seen = () => '' }: { seconds?: number; seen?: () => string } = {},
): Promise<T> {
  const deadlineMs = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (Date.now() > deadlineMs) throw new Error(`not within ${seconds} s: ${what}\n${seen()}`);
    await delay(LOOK_EVERY_MS);
  }
}
