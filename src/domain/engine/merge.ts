import type { IncidentState } from '../../contracts/incident.js';
import type { HandOver, MergeParty } from '../../contracts/merge.js';
import { takeAlert } from './alert-ledger.js';
import { moved } from './ladder.js';
import { note } from './journal.js';
import { toInstant } from './time.js';
import { isReleased } from './views.js';

/** Lines of its journal that an incident hands over. */
const HANDED_LINES = 60;

/** An incident as another one knows it. `lockId` of an incident is its workflow id. */
export function partyOf({ lockId, incidentId, openedAt }: Pick<IncidentState, 'lockId' | 'incidentId' | 'openedAt'>): MergeParty {
  return { workflowId: lockId, incidentId, openedAt };
}

/** Of two incidents that are one, the older goes on; of two of one moment, the one whose workflow id is smaller (design 7). Both sides come to the same. */
export function goesOn(own: MergeParty, other: MergeParty): boolean {
  if (own.openedAt !== other.openedAt) return own.openedAt < other.openedAt;
  return own.workflowId < other.workflowId;
}

/** Has an incident done anything that another one would have to take over? */
export function hasGrown(state: IncidentState): boolean {
  return Object.values(state.scope).some((view) => !isReleased(view) && view.state !== 'claimed') || state.ticket !== undefined;
}

/** All that is handed over. */
export function handOverOf(state: IncidentState): HandOver {
  return {
    from: partyOf(state),
    clockStartAt: state.clockStartAt,
    alerts: state.alerts,
    principals: state.principals,
    scope: state.scope,
    descents: state.descents ?? {},
    origins: state.origins ?? {},
    ownerStatements: state.ownerStatements,
    ...(state.mayProceed === undefined ? {} : { mayProceed: state.mayProceed }),
    ...(state.ticket === undefined ? {} : { ticketKey: state.ticket.ref.key }),
    evidence: state.evidence ?? [],
    journal: state.journal.slice(-HANDED_LINES),
  };
}

/**
 * Takes another incident in: its alerts, scope, descents, statements and journal; clocks count from the earlier detection. Taking it again
 * changes nothing.
 *
 * @returns ids of the containments to adopt
 */
export function takeHandOver(state: IncidentState, handOver: HandOver, nowMs: number): string[] {
  const { from } = handOver;
  const known = state.merged?.some(({ incidentId }) => incidentId === from.incidentId) === true;
  const adopted = Object.values(handOver.scope)
    .filter((view) => !isReleased(view))
    .map(({ containmentId }) => containmentId);
  if (known) return adopted;
  takeAlerts(state, handOver);
  for (const principal of handOver.principals)
    if (!state.principals.some(({ lockId }) => lockId === principal.lockId)) state.principals.push(principal);
  for (const [containmentId, view] of Object.entries(handOver.scope)) state.scope[containmentId] ??= view;
  state.descents = { ...handOver.descents, ...state.descents };
  state.origins = { ...handOver.origins, ...state.origins };
  state.ownerStatements.push(...handOver.ownerStatements);
  if (state.mayProceed === undefined && handOver.mayProceed !== undefined) state.mayProceed = handOver.mayProceed;
  startEarlier(state, handOver.clockStartAt);
  state.merged = [...(state.merged ?? []), mergedOf(handOver, nowMs)];
  for (const { at, who, text } of handOver.journal) note(state, { nowMs, who: `${from.incidentId} ${who}`, text: `(${at}) ${text}` });
  moved(state, nowMs);
  return adopted;
}

function takeAlerts(state: IncidentState, { alerts }: HandOver): void {
  for (const alert of alerts.kept) takeAlert(state, alert);
  const known = new Set(state.alerts.seen);
  const fresh = alerts.seen.filter((key) => !known.has(key));
  state.alerts.seen.push(...fresh);
  state.alerts.total += fresh.length;
  for (const key of fresh) {
    const source = key.split('|')[0] ?? '';
    state.alerts.bySource[source] = (state.alerts.bySource[source] ?? 0) + 1;
  }
}

/** The earliest deadline wins. */
function startEarlier(state: IncidentState, clockStartAt: string): void {
  if (clockStartAt >= state.clockStartAt) return;
  for (const clock of state.clocks) if (clock.from === 'detected' && clock.startAt === state.clockStartAt) clock.startAt = clockStartAt;
  state.clockStartAt = clockStartAt;
}

function mergedOf({ from, ticketKey, evidence }: HandOver, nowMs: number): NonNullable<IncidentState['merged']>[number] {
  const { incidentId, workflowId } = from;
  return { incidentId, workflowId, at: toInstant(nowMs), evidence, ...(ticketKey === undefined ? {} : { ticketKey }) };
}
