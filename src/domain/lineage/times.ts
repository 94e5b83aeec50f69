const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/;
/** `Jul 30, 2024 9:53:13 PM`, with or without a second comma: dates inside responseElements (aws-domain 5.1). */
const WORDS = /^([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4}),?\s+(\d{1,2}):(\d\d):(\d\d)\s*(AM|PM)$/u;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Epoch ms of a time as CloudTrail writes it. A text without a zone is UTC, never the zone of this machine. */
export function timeMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const iso = ISO.exec(text);
  if (iso !== null)
    return numberOrNothing(Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/(Z|[+-]\d\d:\d\d)$/, '')}${iso[7] ?? 'Z'}`));
  return wordsMs(text);
}

/** ISO-8601 without a fraction, as records carry it. */
export function isoSecond(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

function wordsMs(text: string): number | undefined {
  const found = WORDS.exec(text);
  const [, month = '', day, year, hour, minute, second, half] = found ?? [];
  const index = MONTHS.indexOf(month);
  if (found === null || index < 0) return undefined;
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return numberOrNothing(Date.UTC(Number(year), index, Number(day), hours, Number(minute), Number(second)));
}

function numberOrNothing(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
