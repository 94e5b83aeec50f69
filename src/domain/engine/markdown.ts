/*
 * The one Markdown encoder. Everything that did not come from our own source code passes it: names, user agents and
 * reasons are chosen by attackers or typed by people (design 11).
 */

const CELL_LIMIT = 300;

/** Plain text in a table cell or a line: no markup, no line breaks, no control characters, bounded. */
export function text(value: string, limit = CELL_LIMIT): string {
  // Bidirectional and zero-width characters can make one name look like another.
  const clean = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const cut = clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
  const escaped = cut.replace(/[\\`*_{}[\]|~]/g, '\\$&').replace(/[<>&]/g, (mark) => `&#${mark.codePointAt(0) ?? 0};`);
  // Block marks only work at the start of a line; bare addresses become links unless something stands between.
  return escaped.replace(/^([#+=-]|\d+[.)])/, '\\$1').replace(/(https?|ftp|mailto|www)([:.])/gi, '$1\u200B$2');
}

/** Text shown as typed, for commands. Back-ticks would end it, so they are replaced. */
export function code(value: string, limit = CELL_LIMIT): string {
  const clean = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const cut = clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
  return `\`${cut.replaceAll('`', "'").replaceAll('|', '¦')}\``;
}

/** A GFM table of at most `limit` rows, then `and n more`. Cells are already encoded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], limit = 30): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, limit).map(line);
  const more = rows.length > limit ? [line([`and ${rows.length - limit} more`, ...head.slice(1).map(() => '')])] : [];
  return [line(head), line(head.map(() => '---')), ...shown, ...more].join('\n');
}
