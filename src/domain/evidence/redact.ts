import { isObject } from '../json-value.js';
import { isSecretName, REDACTED, redactString } from './secret-patterns.js';

/** Values that already say that something was taken out. */
const PLACEHOLDERS = new Set(['', '***', 'HIDDEN_DUE_TO_SECURITY_REASONS', REDACTED]);
/** JSON inside JSON inside JSON: deeper nesting is treated as plain text. */
const MAX_NESTING = 6;
const CSV_CELL = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\n|$)/gy;

/**
 * The working copy of a piece of evidence: session tokens, secret access keys, passwords, authorization headers and
 * what looks like one of them replaced by `[redacted]`; everything else as it was. Access key ids stay, they are names.
 * Takes out rather too much: the sealed original is whole. Redacting again changes nothing.
 */
export function redact(text: string, format: 'json' | 'csv'): string {
  return format === 'csv' ? redactCsv(text) : redactText(text, 0);
}

/** JSON is redacted as a value, so that escapes hide nothing; all other text by its patterns. */
function redactText(text: string, nesting: number): string {
  const parsed = nesting < MAX_NESTING ? parseStructure(text) : undefined;
  if (parsed !== undefined) {
    const redacted = JSON.stringify(redactValue(parsed, nesting));
    return redacted === JSON.stringify(parsed) ? text : redacted;
  }
  const plain = redactString(text);
  const decoded = nesting < MAX_NESTING ? decodePercent(plain) : undefined;
  if (decoded === undefined) return plain;
  const redacted = redactText(decoded, nesting + 1);
  return redacted === decoded ? plain : encodeURIComponent(redacted);
}

function redactValue(value: unknown, nesting: number): unknown {
  if (typeof value === 'string') return redactText(value, nesting + 1);
  if (Array.isArray(value)) return value.map((member) => redactValue(member, nesting));
  if (!isObject(value)) return value;
  const isNamedSecret = namesSecret(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isSecret = isSecretName(name) || (isNamedSecret && /^value$/i.test(name));
      return [redactString(name), isSecret ? hide(member) : redactValue(member, nesting)];
    }),
  );
}

/** `{ "name": "AWS_SECRET_ACCESS_KEY", "value": "…" }`, as in headers, tags and container environments. */
function namesSecret(value: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(value).some(([name, member]) => /^(name|key)$/i.test(name) && typeof member === 'string' && isSecretName(member));
}

/** Everything below a secret's name; flags and null tell nothing and stay. */
function hide(value: unknown): unknown {
  if (typeof value === 'string') return PLACEHOLDERS.has(value) ? value : REDACTED;
  if (typeof value === 'number') return REDACTED;
  if (Array.isArray(value)) return value.map(hide);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [redactString(name), hide(member)])) : value;
}

/** The JSON object, array or string that a text is; `undefined` for everything else. */
function parseStructure(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value === null ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Policy documents come percent-encoded from IAM. */
function decodePercent(text: string): string | undefined {
  if (!/%[0-9a-f]{2}/i.test(text)) return undefined;
  try {
    const decoded = decodeURIComponent(text);
    return decoded === text ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function redactCsv(text: string): string {
  let column = 0;
  let row = 0;
  const secretColumns = new Set<number>();
  return text.replace(CSV_CELL, (_whole, cell: string, end: string) => {
    const plain = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    if (row === 0 && isSecretName(plain)) secretColumns.add(column);
    const redacted = row > 0 && secretColumns.has(column) && !PLACEHOLDERS.has(plain) ? REDACTED : redactText(plain, 1);
    column = end === ',' ? column + 1 : 0;
    if (end !== ',') row += 1;
    return `${redacted === plain ? cell : quoted(redacted)}${end}`;
  });
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
