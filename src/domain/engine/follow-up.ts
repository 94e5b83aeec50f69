import type { IncidentState } from '../../contracts/incident.js';
import { adoptPlaybook, newIncident } from './state.js';
import { startClocks } from './clocks.js';
import { toInstant } from './time.js';

/** Workflow id of an incident's follow-up. */
export function followUpIdOf(incidentId: string): string {
  return `follow-up/${incidentId}`;
}

/**
 * After recovery, and after a false positive on which somebody acted: what Tourniquet closed by itself as benign has
 * no lesson to hold a review about.
 */
export function wantsFollowUp(state: IncidentState): boolean {
  if (state.followUpOf !== undefined || state.followUpId !== undefined || state.pin === undefined) return false;
  if (!state.pin.body.steps.some(({ phase }) => phase === 'followUp')) return false;
  if (state.recoveredAt !== undefined) return true;
  const acted = Object.values(state.scope).some(({ appliedAt }) => appliedAt !== undefined);
  return state.closing?.outcome === 'benign' && acted;
}

/**
 * The state a follow-up starts with: the incident's playbook and findings, the steps of the phase *followUp*, clocks that
 * count from recovery or from the close. No principal is in scope and nobody is paged by the ladder.
 */
export function newFollowUp(incident: IncidentState, nowMs: number): IncidentState {
  const startAt = incident.recoveredAt ?? incident.closing?.at ?? toInstant(nowMs);
  const { pin, timeline, recovery, eradication, verdict } = incident;
  const state: IncidentState = {
    ...newIncident(
      { incidentId: `${incident.incidentId}-F`, playbookId: pin?.id ?? 'unknown', openedAt: toInstant(nowMs), clockStartAt: startAt },
      followUpIdOf(incident.incidentId),
    ),
    followUpOf: incident.incidentId,
    phase: 'followUp',
    severity: incident.severity,
    previousIncidentId: incident.incidentId,
    recoveredAt: startAt,
    ...(verdict === undefined ? {} : { verdict }),
    ...(timeline === undefined ? {} : { timeline }),
    ...(recovery === undefined ? {} : { recovery }),
    ...(eradication === undefined ? {} : { eradication }),
    alerts: incident.alerts,
  };
  if (pin !== undefined) adoptPlaybook(state, pin);
  startClocks(state.clocks, 'recovered', startAt);
  return state;
}
