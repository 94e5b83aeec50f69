/*
 * The one Markdown encoder. Everything that did not come from our own source code passes it: names, user agents and
 * reasons are chosen by attackers or typed by people (design 11).
 */

import { plainText, withoutLinks } from './plain-text.js';

const CELL_LIMIT = 300;

/** Plain text in a table cell or a line: no markup, no line breaks, no control characters, bounded. */
export function text(value: string, limit = CELL_LIMIT): string {
  const escaped = plainText(value, limit)
    .replace(/[\\`*_{}[\]|~]/g, '\\$&')
    .replace(/[<>&]/g, (mark) => `&#${mark.codePointAt(0) ?? 0};`);
  // Block marks only work at the start of a line.
  return withoutLinks(escaped.replace(/^([#+=-]|\d+[.)])/, '\\$1'));
}

/** Text shown as typed, for commands. Back-ticks would end it, so they are replaced. */
export function code(value: string, limit = CELL_LIMIT): string {
  return `\`${plainText(value, limit).replaceAll('`', "'").replaceAll('|', '¦')}\``;
}

/** A GFM table of at most `limit` rows, then `and n more`. Cells are already encoded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], limit = 30): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, limit).map(line);
  const more = rows.length > limit ? [line([`and ${rows.length - limit} more`, ...head.slice(1).map(() => '')])] : [];
  return [line(head), line(head.map(() => '---')), ...shown, ...more].join('\n');
}
