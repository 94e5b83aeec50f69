import { createHmac, timingSafeEqual } from 'node:crypto';
import { unauthorized } from '../problem.js';
import type { ReplayMemory } from './replay-memory.js';

export const TIMESTAMP_HEADER = 'x-tourniquet-timestamp';
export const SIGNATURE_HEADER = 'x-tourniquet-signature';
/** How far a delivery's timestamp may be from now, either way. */
const WINDOW_MS = 300_000;
const TIMESTAMP = /^\d{10}$/;
const SIGNATURE = /^(?:sha256=)?([0-9a-f]{64})$/i;

/** A delivery as it came in. */
export interface Delivery {
  readonly source: string;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/** HMAC-SHA256 over `<timestamp>.<body>`, hexadecimal. */
export function hmacOf(secret: string, timestamp: string, body: Uint8Array): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

/**
 * Checks a signed delivery. Each signature counts once.
 *
 * @returns the key under which the memory has it, to release it when the delivery comes to nothing.
 * @throws Problem 401: a header is missing or not in shape, the timestamp is out of the window, the signature is not the
 *   source's, or it was used before.
 */
export function checkHmac(delivery: Delivery, by: { secret: string; memory: ReplayMemory; nowMs: number }): string {
  const { timestamp, signature, source, body } = delivery;
  if (timestamp === undefined || !TIMESTAMP.test(timestamp))
    throw unauthorized(`${TIMESTAMP_HEADER}: expected the time in whole seconds since 1970`, 'HMAC-SHA256');
  const [, given] = SIGNATURE.exec(signature ?? '') ?? [];
  if (given === undefined) throw unauthorized(`${SIGNATURE_HEADER}: expected 64 hexadecimal digits`, 'HMAC-SHA256');
  const sentMs = Number(timestamp) * 1_000;
  if (Math.abs(by.nowMs - sentMs) > WINDOW_MS)
    throw unauthorized(`${TIMESTAMP_HEADER}: expected a time within ${WINDOW_MS / 1_000} s of now`, 'HMAC-SHA256');
  const expected = Buffer.from(hmacOf(by.secret, timestamp, body), 'hex');
  if (!timingSafeEqual(expected, Buffer.from(given, 'hex')))
    throw unauthorized(`${SIGNATURE_HEADER}: is not this source's for this body`, 'HMAC-SHA256');
  const key = `${source}:${given.toLowerCase()}`;
  if (!by.memory.use(key, { expiresMs: sentMs + WINDOW_MS, nowMs: by.nowMs }))
    throw unauthorized(`${SIGNATURE_HEADER}: was used before; sign each delivery anew`, 'HMAC-SHA256');
  return key;
}
