const MINUTE_MS = 60_000;
const UNITS = { s: 1_000, m: MINUTE_MS, h: 60 * MINUTE_MS, d: 1_440 * MINUTE_MS } as const;

/** `in 1 h 20 min`, `12 min ago`, `now`. */
export function countdown(to: Date, now: Date): string {
  const minutes = Math.round((to.getTime() - now.getTime()) / MINUTE_MS);
  if (minutes === 0) return 'now';
  return minutes > 0 ? `in ${spoken(minutes)}` : `${spoken(-minutes)} ago`;
}

/** `90m`, `2h`, `1d`, `30s` as milliseconds; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  const [, count, unit] = match ?? [];
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd') return undefined;
  return Number(count) * UNITS[unit];
}

function spoken(minutes: number): string {
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  const rest = minutes % 60;
  const parts = [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : '', rest > 0 && days === 0 ? `${rest} min` : ''];
  return parts.filter((part) => part !== '').join(' ');
}
