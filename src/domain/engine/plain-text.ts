/*
 * The one place that says what text of unknown origin may not bring along. Every sink's encoder starts here: Markdown,
 * ADF, Slack, mail, terminal (design 11). In the engine because the details page of the workflow needs it too.
 */

/** Controls, format marks (bidirectional, zero-width, tags), halves of surrogate pairs, line and paragraph separators. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const BLANK = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;
const ESC = '\u001b';
const BEL = '\u0007';
/** ECMA-48 5.4 (control sequences) and 5.6 (operating system commands, here with the BEL that xterm takes as their end). */
const ESCAPE_SEQUENCE = new RegExp(`(?:${ESC}\\[|\u009b)[0-?]*[ -/]*[@-~]|${ESC}\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)`, 'g');

/** One line without anything that moves, hides, colours or reorders text; longer than `limit` characters is cut with `…`. */
export function plainText(value: string, limit = Number.POSITIVE_INFINITY): string {
  const clean = value.replace(ESCAPE_SEQUENCE, '').replace(BLANK, ' ').trim();
  // A cut must not leave half a pair behind.
  return clean.length > limit ? `${clean.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…` : clean;
}

/** Bare addresses become links in mail clients, chats and Markdown viewers unless something stands between. */
export function withoutLinks(text: string): string {
  return text.replace(/(https?|ftp|mailto|www)([:.])/gi, '$1\u200B$2');
}
