const ISO_LIKE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?\s?(Z|[+-]\d{2}:?\d{2})?$/;
const RFC_1123 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC)$/;
const EPOCH = /^\d{9,13}(\.\d+)?$/;
/** Numbers from here on are milliseconds: as seconds they would lie after the year 5138. */
const FIRST_MILLISECONDS = 100_000_000_000;
const LATEST_MS = Date.UTC(2100, 0, 1);

/**
 * Any of the time formats AWS sends, as ISO-8601 UTC with milliseconds: ISO with or without offset, with a
 * blank for the T, with nanoseconds; RFC 1123; epoch seconds or milliseconds. No offset means UTC.
 *
 * @returns `undefined` for anything else.
 */
export function toInstant(value: unknown): string | undefined {
  const ms = typeof value === 'number' ? fromEpoch(value) : typeof value === 'string' ? fromText(value.trim()) : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 && ms < LATEST_MS ? new Date(ms).toISOString() : undefined;
}

function fromText(text: string): number {
  const iso = ISO_LIKE.exec(text);
  if (iso !== null) {
    const [, day = '', time = '', fraction = '', offset = 'Z'] = iso;
    const zone = offset === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
    return Date.parse(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
  }
  if (RFC_1123.test(text)) return Date.parse(text);
  return EPOCH.test(text) ? fromEpoch(Number(text)) : Number.NaN;
}

function fromEpoch(value: number): number {
  return value < FIRST_MILLISECONDS ? value * 1000 : value;
}
