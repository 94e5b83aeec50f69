import { isObject, type JsonObject, valueAt } from '../domain/json-value.js';

export { isObject, type JsonObject, valueAt } from '../domain/json-value.js';

/** A message that is no alert, with the one line that says why. The line holds nothing of the message but field names. */
export class RejectedMessageError extends Error {
  override readonly name = 'RejectedMessageError';
}

const CONTROL = /\p{Cc}/u;
/** Zero-width and direction-changing characters, line and paragraph separators. */
const INVISIBLE = /[\p{Cf}\u2028\u2029]/gu;

/**
 * A text that identifies something: ids, names, types, times. A control character here cannot come
 * from AWS, whose grammars forbid it, so the message is refused instead of being cleaned.
 *
 * @throws RejectedMessageError for control characters.
 */
export function textAt(value: unknown, path: string): string | undefined {
  const text = valueAt(value, path);
  if (typeof text !== 'string' || text === '') return undefined;
  if (CONTROL.test(text)) throw new RejectedMessageError(`${path} holds control characters`);
  return text;
}

/**
 * A text for people, cut to `max`: line breaks become spaces, invisible and direction-changing characters go.
 *
 * @throws RejectedMessageError for other control characters.
 */
export function proseAt(value: unknown, path: string, max: number): string | undefined {
  const text = valueAt(value, path);
  if (typeof text !== 'string') return undefined;
  if (CONTROL.test(text.replace(/[\t\n\r]/g, ' '))) throw new RejectedMessageError(`${path} holds control characters`);
  const visible = text.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
  // Through UTF-8 and back: a lone surrogate would make the payload unreadable elsewhere.
  return Buffer.from(visible.slice(0, max)).toString();
}

/** A finite number, also when written as text. */
export function numberAt(value: unknown, path: string): number | undefined {
  const found = valueAt(value, path);
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** `true` for true and the texts `true`, `TRUE`; AWS sends both. */
export function flagAt(value: unknown, path: string): boolean {
  const found = valueAt(value, path);
  return found === true || (typeof found === 'string' && found.toLowerCase() === 'true');
}

/** The objects in a list that holds nothing else, and at least one. @throws RejectedMessageError with what was expected */
export function objectsIn(list: readonly unknown[], expected: string): JsonObject[] {
  const objects = list.filter(isObject);
  if (objects.length === 0 || objects.length < list.length) throw new RejectedMessageError(expected);
  return objects;
}

/** The array at a path; empty when there is none. */
export function listAt(value: unknown, path: string): unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}
