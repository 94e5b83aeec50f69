import type { IncidentPhase, IncidentState } from '../../contracts/incident.js';
import type { PlaybookPhase } from '../../contracts/playbook.js';
import { hasEnded, playbookSteps } from './dag.js';
import { isReleased } from './views.js';

/** The phase follows from the steps and the containments; nobody sets it. */
export function phaseOf(state: IncidentState): IncidentPhase {
  if (state.phase === 'closed') return 'closed';
  if (state.pin === undefined || !ended(state, ['triage'])) return 'triage';
  if (state.followUpOf !== undefined) return 'followUp';
  if (ended(state, ['triage', 'responding', 'recovering']) && someHold(state)) return 'holding';
  if (ended(state, ['triage', 'responding']) || recovering(state)) return 'recovering';
  return 'responding';
}

/** Every step of the playbook has ended and no containment holds: the incident can close. */
export function isOver(state: IncidentState): boolean {
  return state.pin !== undefined && ended(state, ['triage', 'responding', 'recovering', 'followUp']) && !someHold(state);
}

/** At least one containment has not been let go. */
export function someHold(state: IncidentState): boolean {
  return Object.values(state.scope).some((view) => !isReleased(view));
}

function ended(state: IncidentState, phases: readonly PlaybookPhase[]): boolean {
  return playbookSteps(state).every((step) => !phases.includes(step.phase) || hasEnded(state.steps[step.id]));
}

function recovering(state: IncidentState): boolean {
  return playbookSteps(state).some((step) => step.phase === 'recovering' && state.steps[step.id]?.status !== 'waiting');
}
