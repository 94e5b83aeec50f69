import type { IncidentState, StepStatus } from '../../contracts/incident.js';
import type { PlaybookStep } from '../../contracts/playbook.js';
import type { Verdict } from '../../contracts/verdict.js';
import { startClocks, stopClock } from './clocks.js';
import { note } from './journal.js';
import { moved } from './ladder.js';
import { closeTask, openTasksOf } from './tasks.js';
import { toInstant } from './time.js';

/** How a step ended, in one line for the page. */
export interface StepEnd {
  readonly status: Extract<StepStatus, 'done' | 'doneByHand' | 'skipped' | 'notNeeded'>;
  readonly outcome: string;
  readonly who: string;
}

/** Marks a step as begun. Re-entering one that runs changes nothing. */
export function beginStep(state: IncidentState, stepId: string, nowMs: number): void {
  const step = state.steps[stepId];
  if (step === undefined || step.status !== 'waiting') return;
  step.status = 'running';
  step.startedAt = toInstant(nowMs);
}

/** Ends a step: clock, tasks, journal, and the clocks that count from it. */
export function endStep(state: IncidentState, { id, phase }: PlaybookStep, end: StepEnd & { nowMs: number }): void {
  const step = state.steps[id];
  if (step === undefined) return;
  const { nowMs, status, outcome, who } = end;
  Object.assign(step, { status, outcome, endedAt: toInstant(nowMs) });
  const met = status === 'done' || status === 'doneByHand';
  for (const clock of state.clocks) if (clock.stepId === id) stopClock(clock, met ? 'met' : 'cancelled', nowMs);
  for (const task of openTasksOf(state, id)) if (task.needKey === undefined) closeTask(task, status, nowMs);
  note(state, { nowMs, who, text: `${id} ${status}: ${outcome}` });
  moved(state, nowMs);
  if (id === 'recover' && phase === 'recovering' && met) {
    state.recoveredAt = toInstant(nowMs);
    startClocks(state.clocks, 'recovered', state.recoveredAt);
  }
}

/** Records the verdict's moment and starts what counts from it (regulatory clocks). */
export function decided(state: IncidentState, nowMs: number): void {
  if (state.decidedAt !== undefined) return;
  state.decidedAt = toInstant(nowMs);
  startClocks(state.clocks, 'decided', state.decidedAt);
}

/** `suspected, sum 45 (confirmed from 70, suspected from 30): torOrMaliciousIp +45`. */
export function verdictText(verdict: Verdict): string {
  const signals = verdict.signals.map(({ id, weight }) => `${id} ${weight > 0 ? '+' : ''}${weight}`).join(', ');
  return `${verdict.verdict}, sum ${verdict.sum} (confirmed from ${verdict.confirmedFrom}, suspected from ${verdict.suspectedFrom}): ${signals || 'no signal'}`;
}

/** What *contain* says once it is green. */
export function containedText(state: IncidentState): string {
  return Object.values(state.scope)
    .map((view) => `${view.principal.name} ${view.state}${view.byHand ? ' by hand' : ''}: ${view.provenBy.join('; ') || view.headline}`)
    .join(' · ');
}
