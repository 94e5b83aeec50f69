import type { Clock, IncidentState } from '../../contracts/incident.js';
import { BREACH_RUNG, deadlineMs, nextRung } from './clocks.js';
import { blockerOf } from './dag.js';
import { ladderDueMs } from './ladder.js';
import { teamTitle } from './notices.js';
import { openTasks } from './tasks.js';
import { ticketDueMs } from './ticket.js';
import { clockTime, toInstant, toMs } from './time.js';

/** One durable timer and the label a manager reads on the timeline, which shows no due time of its own (design 6). */
export interface PendingTimer {
  readonly key: string;
  readonly atMs: number;
  readonly summary: string;
}

/** Every timer the state asks for at `nowMs`. Those that are due are handled first and are no longer pending. */
export function pendingTimers(state: IncidentState, nowMs: number): PendingTimer[] {
  if (state.closing !== undefined) return [];
  const today = toInstant(nowMs);
  const timers = [
    ...state.clocks.flatMap((clock) => clockTimers(state, clock, today)),
    ...answerTimers(state, today),
    ...ladderTimer(state, today),
    ...ticketTimer(state),
  ];
  return timers.filter(({ atMs }) => atMs > nowMs);
}

function clockTimers(state: IncidentState, clock: Clock, today: string): PendingTimer[] {
  const team = teamTitle(state, clock.team);
  if (clock.pause !== undefined) {
    const { untilAt } = clock.pause;
    return [
      {
        key: `pause:${clock.clockId}`,
        atMs: toMs(untilAt),
        summary: `${clock.stepId} · paused until ${clockTime(untilAt, today)} · ${team}`,
      },
    ];
  }
  const next = nextRung(clock);
  const due = deadlineMs(clock);
  if (next === undefined || due === undefined) return [];
  // Part of the key: when the blocker is out of the way the timer starts anew, or its label would name it for days.
  const blocker = blockerOf(state, clock.stepId);
  const label = blocker === undefined ? clock.stepId : `${clock.stepId} · waits for ${blocker.id}`;
  const at = clockTime(toInstant(next.atMs), today);
  const what =
    next.rung === BREACH_RUNG
      ? `breach at ${at}`
      : `${next.rung === 0 ? 'half-time' : 'due soon'} at ${at}, breach at ${clockTime(toInstant(due), today)}`;
  return [{ key: `clock:${clock.clockId}:${blocker?.id ?? ''}`, atMs: next.atMs, summary: `${label} · ${what} · ${team}` }];
}

function answerTimers(state: IncidentState, today: string): PendingTimer[] {
  return openTasks(state).flatMap((task) =>
    task.answerByAt === undefined
      ? []
      : [
          {
            key: `answer:${task.taskId}`,
            atMs: toMs(task.answerByAt),
            summary: `${task.stepId} · ${task.taskId} · no-answer rule at ${clockTime(task.answerByAt, today)} · ${teamTitle(state, task.team)}`,
          },
        ],
  );
}

function ticketTimer(state: IncidentState): PendingTimer[] {
  const atMs = ticketDueMs(state);
  return atMs === undefined ? [] : [{ key: 'ticket', atMs, summary: `ticket · next update of ${state.ticket?.ref.key ?? 'it'}` }];
}

function ladderTimer(state: IncidentState, today: string): PendingTimer[] {
  const atMs = ladderDueMs(state);
  if (atMs === undefined) return [];
  const at = clockTime(toInstant(atMs), today);
  const { acknowledgedBy, ackHoldsUntilAt, nextRung: rung } = state.ladder;
  const team = teamTitle(state, state.pin?.ladder.rungs[rung]?.team ?? 'nobody');
  const summary =
    ackHoldsUntilAt === undefined
      ? `ladder · pages ${team} at ${at} unless somebody acknowledges`
      : `ladder · acknowledged by ${acknowledgedBy ?? 'somebody'}, re-arms at ${at} when nothing moved`;
  return [{ key: 'ladder', atMs, summary: summary.slice(0, 200) }];
}
