import { UNPRINTABLE } from '../domain/engine/plain-text.js';

/** What `JSON.stringify` leaves as it is although a terminal acts on it. */
const HOSTILE_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text of unknown origin for a terminal: characters that move the cursor, colour the screen, hide text or
 * turn the reading direction are shown as `\u{…}`.
 */
export function terminalText(text: string): string {
  return text.replace(UNPRINTABLE, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}

/** One line of JSON with the same characters escaped, still valid JSON. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(HOSTILE_IN_JSON, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
