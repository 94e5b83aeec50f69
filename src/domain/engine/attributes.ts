import type { ContainmentStatus } from '../../contracts/containment.js';
import type { IncidentState } from '../../contracts/incident.js';
import type { ClockValue } from '../../contracts/search-attributes.js';
import { conditionOf, nextDeadline } from './clocks.js';
import { teamTitle } from './notices.js';
import { openTasks, urgentFirst } from './tasks.js';
import { toMs } from './time.js';

/** Values of the search attributes; undefined unsets. Keys are those of `SEARCH_ATTRIBUTES`. */
export interface AttributeValues {
  readonly incidentId: string;
  readonly severity: string;
  readonly phase: string;
  readonly clock: ClockValue;
  readonly waitingFor: string;
  readonly owner: string;
  readonly containment: string;
  readonly account: string | undefined;
  readonly principals: string[];
  readonly breachedSteps: string[];
  readonly detectedAt: string;
  readonly nextDeadline: string | undefined;
  readonly mttcAppliedSeconds: number | undefined;
  readonly mttcProvenSeconds: number | undefined;
}

/** Worst first: the state an incident with several containments is listed under. */
const WORST_FIRST: readonly ContainmentStatus[] = [
  'notContained',
  'handedToPerson',
  'needsConsent',
  'claimed',
  'planned',
  'applying',
  'applied',
  'quiet',
  'restoring',
  'recovering',
  'proven',
  'sessionHold',
  'released',
];
/** SQL visibility stores keywords in 255 characters. */
const KEYWORD_LIMIT = 200;

/** Derived from the state alone, so the list in Temporal UI never says anything else than the page. */
export function attributeValues(state: IncidentState): AttributeValues {
  const mttc = mttcSeconds(state);
  return {
    incidentId: state.incidentId,
    severity: state.severity,
    phase: state.phase,
    clock: clockValue(state),
    waitingFor: keyword(waitingFor(state)),
    owner: keyword(state.ladder.acknowledgedBy ?? ownerTitle(state)),
    containment: worstContainment(state),
    account: state.principals[0]?.account ?? state.alerts.kept.find(({ account }) => account !== undefined)?.account,
    principals: state.principals.map(({ name }) => keyword(name)),
    breachedSteps: state.clocks.filter(({ breachedAt }) => breachedAt !== undefined).map(({ stepId }) => stepId),
    detectedAt: state.clockStartAt,
    nextDeadline: state.phase === 'closed' ? undefined : nextDeadline(state.clocks),
    mttcAppliedSeconds: mttc.applied,
    mttcProvenSeconds: mttc.proven,
  };
}

/** The most urgent of all clocks that still matter. */
export function clockValue(state: IncidentState): ClockValue {
  if (state.phase === 'closed') return '5-closed';
  const open = state.clocks.filter(({ metAt, cancelledAt }) => metAt === undefined && cancelledAt === undefined).map(conditionOf);
  if (open.includes('breached')) return '1-breached';
  if (open.includes('dueSoon')) return '2-due-soon';
  return open.includes('paused') && !open.includes('onTrack') ? '4-paused' : '3-on-track';
}

/** Who must act: the teams of open tasks, most urgent first; nobody when it runs by itself. */
export function waitingFor(state: IncidentState): string {
  if (state.phase === 'closed') return 'nobody';
  const teams = [...new Set(urgentFirst(openTasks(state)).map(({ team }) => teamTitle(state, team)))];
  return teams.length === 0 ? 'nobody' : teams.join(', ');
}

/** The least contained of the containments. */
export function worstContainment(state: IncidentState): string {
  const states = Object.values(state.scope).map((view) => view.state);
  return WORST_FIRST.find((candidate) => states.includes(candidate)) ?? 'none';
}

/** Seconds from detection to applied and, once proven, to effective (design 9.3); the slowest containment counts. */
export function mttcSeconds(state: IncidentState): { applied: number | undefined; proven: number | undefined } {
  const views = Object.values(state.scope);
  const detectedMs = Math.min(toMs(state.clockStartAt), ...state.alerts.kept.map(({ detectedAt }) => toMs(detectedAt)));
  const slowest = (times: (string | undefined)[]): number | undefined =>
    times.length === 0 || times.includes(undefined)
      ? undefined
      : Math.max(...times.map((at) => Math.max(0, Math.round((toMs(at ?? '') - detectedMs) / 1000))));
  return {
    applied: slowest(views.map(({ appliedAt }) => appliedAt)),
    proven: slowest(views.map((view) => (view.provenAt === undefined ? undefined : view.effectiveFromAt))),
  };
}

function ownerTitle(state: IncidentState): string {
  const rungs = state.pin?.ladder.rungs ?? [];
  const paged = rungs[Math.max(0, state.ladder.nextRung - 1)];
  return paged === undefined ? 'nobody' : teamTitle(state, paged.team);
}

function keyword(value: string): string {
  return value.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, KEYWORD_LIMIT);
}
