import type { Severity } from '../contracts/primitives.js';
import { RejectedMessageError, textAt, type JsonObject } from './json-reader.js';
import { toInstant } from './timestamps.js';

const MAX_ID_CHARACTERS = 1_024;

const SCORES: Readonly<Record<Severity, number>> = { LOW: 3, MEDIUM: 5, HIGH: 8, CRITICAL: 9.5 };
const UNRATED = 5;

/** A product's own word, or number from 0 to 10, on GuardDuty's scale; medium when it says nothing that is known. */
export function scoreFromWord(word: string | undefined, severities: Readonly<Record<string, Severity>>): number {
  if (word === undefined) return UNRATED;
  const known = Object.hasOwn(severities, word) ? severities[word] : undefined;
  if (known !== undefined) return SCORES[known];
  const number = Number(word);
  return Number.isFinite(number) ? Math.min(10, Math.max(0, number)) : UNRATED;
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
