export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Milliseconds since the epoch of an ISO-8601 instant. */
export function toMs(at: string): number {
  return Date.parse(at);
}

/** ISO-8601 UTC of milliseconds since the epoch. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** `14:32 UTC`, with the date in front when it is not the day of `today`. */
export function clockTime(at: string, today: string): string {
  const [day, rest = ''] = at.split('T');
  const time = `${rest.slice(0, 5)} UTC`;
  return day === today.slice(0, 10) ? time : `${day} ${time}`;
}

/** `2026-11-22 14:32 UTC`: for pages that are read on another day. */
export function dateTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
