import type { IncidentRecord } from '../../contracts/record.js';
import { momentAt } from '../../domain/record/moments.js';
import { durationText } from '../durations.js';
import { shown, stamp } from '../shown.js';
import { padded, type Span } from './time-axis.js';

/** One step on the picture of the clocks. Times are epoch ms. */
export interface ClockRow {
  readonly title: string;
  readonly owner: string;
  readonly startedMs: number | undefined;
  /** When it ended; for a step that runs, when the record was written. */
  readonly untilMs: number;
  readonly isEnded: boolean;
  readonly dueMs: number | undefined;
  readonly isBreached: boolean;
  readonly status: string;
  /** A second line: pauses, what is still open. */
  readonly remark: string;
}

export interface ClocksModel {
  readonly rows: readonly ClockRow[];
  readonly span: Span;
  /** What the clocks count from. */
  readonly originMs: number;
  readonly nowMs: number;
}

type Step = IncidentRecord['steps'][number];

/** Steps and times of the picture; `undefined` when no clock has started. */
export function clocksModel(record: IncidentRecord, steps: readonly Step[]): ClocksModel | undefined {
  const nowMs = Date.parse(record.result?.closedAt ?? record.recordedAt);
  const rows = steps.filter(({ dueAt, startedAt }) => dueAt !== undefined || startedAt !== undefined).map((step) => rowOf(step, nowMs));
  const [first] = rows;
  if (first === undefined) return undefined;
  const origin = momentAt(record.moments, record.followUpOf === undefined ? 'detected' : 'recovered')?.at;
  const originMs = Math.min(...rows.map(({ startedMs }) => startedMs ?? Infinity), origin === undefined ? Infinity : Date.parse(origin));
  const from = Number.isFinite(originMs) ? originMs : nowMs;
  return { rows, originMs: from, nowMs, span: padded({ from, to: endOf(rows, from, nowMs) }) };
}

/**
 * The picture ends where the last thing happened. Due times far beyond would squeeze everything into a corner: of those
 * that are still to come only the nearest ones widen it, the others are told at the edge.
 */
function endOf(rows: readonly ClockRow[], from: number, nowMs: number): number {
  const ends = rows.filter(({ startedMs }) => startedMs !== undefined).map(({ untilMs }) => untilMs);
  const last = Math.max(from + 60_000, ...ends, ...(rows.some(({ isEnded }) => !isEnded) ? [nowMs] : []));
  const near = rows.map(({ dueMs }) => dueMs ?? 0).filter((due) => due <= from + (last - from) * 3);
  return Math.max(last, ...near);
}

function rowOf(step: Step, nowMs: number): ClockRow {
  const ended = step.endedAt === undefined ? undefined : Date.parse(step.endedAt);
  const dueMs = step.dueAt === undefined ? undefined : Date.parse(step.dueAt);
  return {
    title: shown(step.title, 30),
    owner: shown(step.owner, 34),
    startedMs: step.startedAt === undefined ? undefined : Date.parse(step.startedAt),
    untilMs: ended ?? nowMs,
    isEnded: ended !== undefined,
    dueMs,
    isBreached: step.breachedAt !== undefined,
    status: statusOf(step, { nowMs, dueMs, endedMs: ended }),
    remark: remarkOf(step),
  };
}

function statusOf(step: Step, times: { nowMs: number; dueMs: number | undefined; endedMs: number | undefined }): string {
  const { nowMs, dueMs, endedMs } = times;
  if (step.status === 'skipped' || step.status === 'notNeeded') return step.status === 'skipped' ? 'skipped' : 'not needed';
  const past = dueMs === undefined ? 0 : (endedMs ?? nowMs) - dueMs;
  if (step.breachedAt !== undefined) return `BREACHED by ${durationText(Math.max(past, 0) / 1000)}`;
  if (endedMs !== undefined) return `in time, ${durationText(Math.max(0, -past) / 1000)} left`;
  const word = step.status === 'running' ? 'under way' : step.status;
  return dueMs === undefined ? word : `${word}, due ${stamp(step.dueAt).slice(5, 16)}`;
}

function remarkOf({ pausedMs, breachedAt, endedAt, dueAt, status }: Step): string {
  const parts = [
    breachedAt !== undefined && endedAt === undefined ? `still ${status}` : '',
    breachedAt === undefined ? '' : `was due ${stamp(dueAt).slice(5, 16)}`,
    pausedMs > 0 ? `paused ${durationText(pausedMs / 1000)}` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
