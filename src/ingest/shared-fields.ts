import type { Severity } from '../contracts/primitives.js';
import { RejectedMessageError, textAt, type JsonObject } from './json-reader.js';
import { toInstant } from './timestamps.js';

const MAX_ID_CHARACTERS = 1_024;

/** GuardDuty's scale: LOW below 4, MEDIUM below 7, HIGH below 9, CRITICAL from 9. */
export function severityFromScore(score: number): Severity {
  if (score >= 9) return 'CRITICAL';
  if (score >= 7) return 'HIGH';
  return score >= 4 ? 'MEDIUM' : 'LOW';
}

/**
 * A text without which the message is no alert: printable ASCII, bounded.
 *
 * @throws RejectedMessageError when it is missing or looks like none.
 */
export function requiredText(body: JsonObject, field: string, what: string): string {
  const text = textAt(body, field);
  if (text === undefined) throw new RejectedMessageError(`a ${what} without ${field}`);
  const max = field === 'type' || field.endsWith('eventTypeCode') ? 256 : MAX_ID_CHARACTERS;
  if (text.length > max || !/^[\x20-\x7e]+$/.test(text))
    throw new RejectedMessageError(`a ${what} whose ${field} is too long or not printable`);
  return text;
}

/**
 * When it was first seen and when the source made the finding: the first readable time of each list.
 * Never later than the receipt: a clock that starts in the future would hide a breach.
 */
export function timesOf(given: { detected: unknown[]; firstSeen: unknown[]; receivedAt: string }): {
  firstSeenAt: string;
  detectedAt: string;
} {
  const first = (values: unknown[]): string | undefined => values.map(toInstant).find((instant) => instant !== undefined);
  const notFuture = (instant: string): string => (instant > given.receivedAt ? given.receivedAt : instant);
  const detectedAt = notFuture(first(given.detected) ?? given.receivedAt);
  return { detectedAt, firstSeenAt: notFuture(first(given.firstSeen) ?? detectedAt) };
}
