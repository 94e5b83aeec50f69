import type { ContainmentStatus, ContainmentView } from '../../contracts/containment.js';
import type { IncidentState } from '../../contracts/incident.js';
import type { PlaybookStep } from '../../contracts/playbook.js';
import { containmentIdFor, type Principal } from '../../contracts/principal.js';
import { reopenClock } from './clocks.js';
import { playbookSteps } from './dag.js';
import { note } from './journal.js';
import { moved } from './ladder.js';
import { syncNeeds } from './needs.js';

/** States in which a containment stands proven. */
const STANDING: ReadonlySet<ContainmentStatus> = new Set<ContainmentStatus>(['proven', 'recovering', 'sessionHold']);
/** States a containment goes through on its way out; leaving *proven* for them withdraws nothing. */
const LEAVING: ReadonlySet<ContainmentStatus> = new Set<ContainmentStatus>(['restoring', 'released']);

/** The step that contains, whatever the playbook calls it. */
export function containStep(state: IncidentState): PlaybookStep | undefined {
  return playbookSteps(state).find(({ run }) => run === 'containPrincipals');
}

/** Green: proven, and AWS refused none of its measures. */
export function isGreen(view: ContainmentView): boolean {
  return STANDING.has(view.state) && view.provenAt !== undefined && view.failedMeasures.length === 0;
}

/** Nothing of ours is in AWS any more, or never was. */
export function isReleased(view: ContainmentView): boolean {
  return view.state === 'released';
}

/** Every principal in scope has a containment that is green or was let go. */
export function allContained(state: IncidentState): boolean {
  const views = Object.values(state.scope);
  const claimed = state.principals.every((principal) => state.scope[containmentIdFor(principal.lockId)] !== undefined);
  return views.length > 0 && claimed && views.every((view) => isGreen(view) || isReleased(view));
}

/** The view an incident holds until the containment sends its first one. */
export function claimedView(principal: Principal): ContainmentView {
  return {
    containmentId: containmentIdFor(principal.lockId),
    revision: -1,
    principal,
    state: 'claimed',
    headline: 'claimed, plan under way; not proven',
    needs: [],
    provenBy: [],
    withdrawn: 0,
    drifts: 0,
    failedMeasures: [],
    limits: [],
    inForce: [],
    byHand: false,
    descendants: [],
    candidates: [],
    news: [],
  };
}

/**
 * Takes a containment's view in: journal, tasks for its needs, and the contain step again when *proven* was lost.
 *
 * @returns false for a view that is not newer than the one held; nothing changed then.
 */
export function takeView(state: IncidentState, view: ContainmentView, nowMs: number): boolean {
  const held = state.scope[view.containmentId];
  if (held !== undefined && view.revision <= held.revision) return false;
  state.scope[view.containmentId] = view;
  const who = `containment of ${view.principal.name}`;
  for (const text of view.news) note(state, { nowMs, who, text });
  if (held?.state !== view.state) {
    moved(state, nowMs);
    note(state, { nowMs, who, text: `${view.state}: ${view.headline}` });
  }
  syncNeeds(state, view, { stepId: containStep(state)?.id ?? 'contain', nowMs });
  reopenIfLost(state, view, nowMs);
  return true;
}

/** *Proven* was withdrawn after the step had turned green: it runs again, loudly. */
function reopenIfLost(state: IncidentState, view: ContainmentView, nowMs: number): void {
  if (isGreen(view) || LEAVING.has(view.state)) return;
  if (reopenContain(state, view.headline, nowMs))
    note(state, { nowMs, who: 'Tourniquet', text: `PROOF WITHDRAWN for ${view.principal.name}: ${view.headline}` });
}

/** The contain step runs again although it had turned green. Returns false when it had not, or the incident closes. */
export function reopenContain(state: IncidentState, why: string, nowMs: number): boolean {
  const step = state.steps[containStep(state)?.id ?? ''];
  if (step === undefined || (step.status !== 'done' && step.status !== 'doneByHand') || state.closing !== undefined) return false;
  step.status = 'running';
  delete step.endedAt;
  step.outcome = `taken up again: ${why}`;
  for (const clock of state.clocks) if (clock.stepId === step.stepId) reopenClock(clock);
  moved(state, nowMs);
  return true;
}
