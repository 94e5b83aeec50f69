import type { Clock } from '../../contracts/incident.js';
import type { PlaybookStep } from '../../contracts/playbook.js';
import { MINUTE_MS, toInstant, toMs } from './time.js';

/** Shares of a clock at which somebody hears of it (design 6): half, due soon, breach. */
export const RUNG_SHARES = [0.5, 0.75, 1] as const;
/** Index of the breach in `RUNG_SHARES`. */
export const BREACH_RUNG = 2;

export type ClockCondition = 'notStarted' | 'onTrack' | 'dueSoon' | 'breached' | 'paused' | 'met' | 'cancelled';

/** The clock of one playbook step. It has no start until the moment it counts from is known. */
export function newClock(step: PlaybookStep, startAt: string | undefined): Clock {
  const { from, minutes } = step.clock;
  return {
    clockId: step.id,
    stepId: step.id,
    title: step.title,
    team: step.owner,
    from,
    minutes,
    pausedMs: 0,
    rungsDone: 0,
    ...(startAt === undefined ? {} : { startAt }),
  };
}

/** Absolute time of a rung; undefined while the clock has not started. */
export function rungMs(clock: Clock, rung: number): number | undefined {
  const share = RUNG_SHARES[rung];
  if (clock.startAt === undefined || share === undefined) return undefined;
  return toMs(clock.startAt) + clock.minutes * share * MINUTE_MS + clock.pausedMs;
}

/** deadline = start + minutes + paused (design 6): absolute, so nothing that restarts moves it. */
export function deadlineMs(clock: Clock): number | undefined {
  return rungMs(clock, BREACH_RUNG);
}

/** Where the clock stands. A pause hides the rungs that passed; a breach is never hidden. */
export function conditionOf(clock: Clock): ClockCondition {
  if (clock.cancelledAt !== undefined) return 'cancelled';
  if (clock.metAt !== undefined) return clock.breachedAt === undefined ? 'met' : 'breached';
  if (clock.breachedAt !== undefined) return 'breached';
  if (clock.pause !== undefined) return 'paused';
  if (clock.startAt === undefined) return 'notStarted';
  return clock.rungsDone >= BREACH_RUNG ? 'dueSoon' : 'onTrack';
}

/** True while the clock can still reach a rung. */
export function isRunning(clock: Clock): boolean {
  return (
    clock.startAt !== undefined &&
    clock.metAt === undefined &&
    clock.cancelledAt === undefined &&
    clock.pause === undefined &&
    clock.breachedAt === undefined
  );
}

/** The next rung of a running clock and its time. */
export function nextRung(clock: Clock): { rung: number; atMs: number } | undefined {
  const atMs = isRunning(clock) ? rungMs(clock, clock.rungsDone) : undefined;
  return atMs === undefined ? undefined : { rung: clock.rungsDone, atMs };
}

/** Stops a clock with a reason. The caller has checked that it runs. */
export function pauseClock(clock: Clock, pause: NonNullable<Clock['pause']>): void {
  clock.pause = pause;
}

/** Ends a pause: the time it lasted moves the deadline. */
export function resumeClock(clock: Clock, atMs: number): void {
  if (clock.pause === undefined) return;
  clock.pausedMs += Math.max(0, atMs - toMs(clock.pause.at));
  delete clock.pause;
}

/** The step of this clock ended. A paused clock is resumed first, so that net and gross add up. */
export function stopClock(clock: Clock, how: 'met' | 'cancelled', atMs: number): void {
  if (clock.metAt !== undefined || clock.cancelledAt !== undefined) return;
  resumeClock(clock, atMs);
  if (how === 'met' && clock.startAt !== undefined) clock.metAt = toInstant(atMs);
  else clock.cancelledAt = toInstant(atMs);
}

/** A step that ended is taken up again: its clock goes on as if it had never stopped. */
export function reopenClock(clock: Clock): void {
  delete clock.metAt;
  delete clock.cancelledAt;
}

/** Starts the clocks that count from a moment only now known. */
export function startClocks(clocks: readonly Clock[], from: Clock['from'], startAt: string): void {
  for (const clock of clocks) if (clock.from === from && clock.startAt === undefined) clock.startAt = startAt;
}

/** Earliest deadline of a clock that still runs. */
export function nextDeadline(clocks: readonly Clock[]): string | undefined {
  const deadlines = clocks
    .filter(isRunning)
    .map(deadlineMs)
    .filter((at) => at !== undefined);
  return deadlines.length === 0 ? undefined : toInstant(Math.min(...deadlines));
}
