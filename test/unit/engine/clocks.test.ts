import { expect, test } from 'vitest';
import type { Clock } from '../../../src/contracts/incident.js';
import { conditionOf, deadlineMs, nextRung, pauseClock, resumeClock, stopClock } from '../../../src/domain/engine/clocks.js';
import { toInstant, toMs } from '../../../src/domain/engine/time.js';

const START = '2026-11-22T10:00:00.000Z';
const at = (minutes: number): number => toMs(START) + minutes * 60_000;
const aClock = (change: Partial<Clock> = {}): Clock => ({
  clockId: 'contain',
  stepId: 'contain',
  title: 'Contain',
  team: 't',
  from: 'detected',
  startAt: START,
  minutes: 60,
  pausedMs: 0,
  rungsDone: 0,
  ...change,
});

test('a 60 minute clock has rungs at 30, 45 and 60 minutes', () => {
  expect([0, 1, 2].map((rungsDone) => nextRung(aClock({ rungsDone }))?.atMs)).toEqual([at(30), at(45), at(60)]);
});

test('a pause of 20 minutes moves the deadline by 20 minutes, a second one of 5 by 5 more', () => {
  const clock = aClock();
  pauseClock(clock, { at: toInstant(at(10)), untilAt: toInstant(at(60)), reason: 'legal', subject: 'alex' });
  const during = { condition: conditionOf(clock), next: nextRung(clock) };
  resumeClock(clock, at(30));
  pauseClock(clock, { at: toInstant(at(40)), untilAt: toInstant(at(60)), reason: 'owner', subject: 'alex' });
  resumeClock(clock, at(45));

  expect(during).toEqual({ condition: 'paused', next: undefined });
  expect(deadlineMs(clock)).toBe(at(85));
});

test('a clock is due soon after its second rung, breached after its third, and stays breached when it is met late', () => {
  const late = aClock({ rungsDone: 3, breachedAt: toInstant(at(60)) });
  stopClock(late, 'met', at(70));

  expect(conditionOf(aClock({ rungsDone: 1 }))).toBe('onTrack');
  expect(conditionOf(aClock({ rungsDone: 2 }))).toBe('dueSoon');
  expect(conditionOf(late)).toBe('breached');
});

test('a clock from recovery has no deadline before recovery', () => {
  const notStarted = aClock({ from: 'recovered' });
  delete notStarted.startAt;
  expect([deadlineMs(notStarted), conditionOf(notStarted)]).toEqual([undefined, 'notStarted']);
});
