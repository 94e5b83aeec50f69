import type { IncidentState, StepState, StepStatus } from '../../contracts/incident.js';
import type { PlaybookStep } from '../../contracts/playbook.js';
import { deadlineMs } from './clocks.js';

const ENDED: ReadonlySet<StepStatus> = new Set<StepStatus>(['done', 'doneByHand', 'skipped', 'notNeeded']);

/** True when nothing more happens in the step. */
export function hasEnded(step: StepState | undefined): boolean {
  return step !== undefined && ENDED.has(step.status);
}

/** Rows of the pinned playbook that are this workflow's: an incident's, or those of its follow-up. None before it is loaded. */
export function playbookSteps(state: IncidentState): PlaybookStep[] {
  const isFollowUp = state.followUpOf !== undefined;
  return (state.pin?.body.steps ?? []).filter(({ phase }) => (phase === 'followUp') === isFollowUp);
}

/** Steps that wait although all they need has ended. */
export function readySteps(state: IncidentState): PlaybookStep[] {
  return playbookSteps(state).filter((step) => state.steps[step.id]?.status === 'waiting' && openNeeds(state, step).length === 0);
}

/**
 * The step that keeps this one waiting: unfinished itself and free to run. Of several, the one whose deadline is next.
 *
 * @returns undefined when the step does not wait.
 */
export function blockerOf(state: IncidentState, stepId: string): PlaybookStep | undefined {
  const step = playbookSteps(state).find(({ id }) => id === stepId);
  if (step === undefined || state.steps[stepId]?.status !== 'waiting') return undefined;
  const blockers = openNeeds(state, step).map((need) => blockerOf(state, need) ?? playbookSteps(state).find(({ id }) => id === need));
  return blockers.filter((blocker) => blocker !== undefined).toSorted((a, b) => deadline(state, a.id) - deadline(state, b.id))[0];
}

/** Steps that wait for this one, directly or through others. */
export function heldBy(state: IncidentState, stepId: string): PlaybookStep[] {
  return playbookSteps(state).filter((step) => blockerOf(state, step.id)?.id === stepId);
}

function openNeeds(state: IncidentState, step: PlaybookStep): string[] {
  return step.needs.filter((need) => state.steps[need] !== undefined && !hasEnded(state.steps[need]));
}

function deadline(state: IncidentState, stepId: string): number {
  const clock = state.clocks.find((candidate) => candidate.stepId === stepId);
  return (clock === undefined ? undefined : deadlineMs(clock)) ?? Number.POSITIVE_INFINITY;
}
