import { INK } from './shapes.js';
import type { ChartOption } from './render-svg.js';

/** A span of time in epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** The span with some room on both sides, never empty. */
export function padded({ from, to }: Span, share = 0.02): Span {
  const room = Math.max((to - from) * share, 1000);
  return { from: from - room, to: to + room };
}

/** From the first to the last moment; `undefined` when there is none. */
export function spanOf(times: readonly number[]): Span | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const time of times) {
    from = Math.min(from, time);
    to = Math.max(to, time);
  }
  return from <= to ? { from, to } : undefined;
}

/** A time axis in UTC below the grid. */
export function timeAxis({ from, to }: Span): NonNullable<ChartOption['xAxis']> {
  return {
    type: 'time',
    min: from,
    max: to,
    splitNumber: 8,
    axisLine: { onZero: false, lineStyle: { color: INK.line } },
    axisTick: { show: true, lineStyle: { color: INK.line } },
    splitLine: { show: true, lineStyle: { color: INK.faint } },
    axisLabel: {
      color: INK.muted,
      fontSize: 11,
      hideOverlap: true,
      showMinLabel: false,
      showMaxLabel: false,
      formatter: (value: number) => tickText(value, to - from),
    },
  };
}

/** Midnight is a date; the rest as fine as the span asks for. */
function tickText(ms: number, spanMs: number): string {
  const at = new Date(ms).toISOString();
  if (ms % DAY === 0) return at.slice(5, 10);
  if (spanMs > 20 * DAY) return at.slice(5, 10);
  return spanMs < 20 * MINUTE ? at.slice(11, 19) : at.slice(11, 16);
}
