import type { ContainmentView } from '../../contracts/containment.js';
import type { IncidentState, JournalLine } from '../../contracts/incident.js';
import type { ContainmentRecord, IncidentRecord } from '../../contracts/record.js';
import { strongestAlert } from '../engine/alert-ledger.js';
import { deadlineMs } from '../engine/clocks.js';
import { playbookSteps } from '../engine/dag.js';
import { teamTitle } from '../engine/notices.js';
import { summaryLine } from '../engine/summary.js';
import { metricsOf } from './metrics.js';
import { momentsOf } from './moments.js';
import { withoutSecrets } from './without-secrets.js';

/** What a record is made of besides the state. */
export interface RecordBasis {
  /** Journal lines that left the state before. */
  readonly older: readonly JournalLine[];
  readonly recordedAt: string;
}

/** Begins a limit that is a measure AWS refused: a claim with one is never whole. */
export const REFUSED = 'REFUSED ';

/** The record of an incident as it stands. What looks like a secret in free text is taken out. */
export function recordOf(state: IncidentState, basis: RecordBasis): IncidentRecord {
  return withoutSecrets(wholeRecord(state, basis));
}

function wholeRecord(state: IncidentState, { older, recordedAt }: RecordBasis): IncidentRecord {
  const { pin, closing } = state;
  const moments = momentsOf(state);
  return {
    format: 'tourniquet-record-1',
    incidentId: state.incidentId,
    ...optional('previousIncidentId', state.previousIncidentId),
    ...optional('followUpOf', state.followUpOf),
    summary: summaryOf(state),
    severity: state.severity,
    phase: state.phase,
    playbook: {
      id: pin?.id ?? 'none',
      version: pin?.version ?? '',
      sha256: pin?.sha256 ?? '',
      title: pin?.body.title ?? '',
      reference: pin?.body.reference ?? '',
      categories: pin?.body.categories ?? [],
      nistCsf: pin?.body.nistCsf ?? [],
      waits: pin === undefined ? '' : `${pin.waits.id} version ${pin.waits.version}`,
    },
    ...(closing === undefined
      ? {}
      : { result: { incidentId: state.incidentId, outcome: closing.outcome, reason: closing.reason, closedAt: closing.at } }),
    ...optional('verdict', state.verdict),
    alerts: state.alerts.kept.map(({ source, alertId, type, title, detectedAt }) => ({ source, alertId, type, title, detectedAt })),
    alertCount: state.alerts.total,
    moments,
    metrics: metricsOf(moments),
    containments: Object.values(state.scope).map(containmentRecord),
    steps: stepsOf(state),
    tasks: state.tasks.map((task) => ({
      taskId: task.taskId,
      title: task.title,
      owner: teamTitle(state, task.team),
      openedAt: task.openedAt,
      ...optional('closedAt', task.closedAt),
      ...optional('outcome', task.outcome),
      answers: task.answers.map(({ subject, choice, reason, at }) => ({ subject, choice, reason, at })),
    })),
    ...optional('timeline', state.timeline),
    ...optional('ticket', state.ticket?.ref),
    evidence: (state.evidence ?? []).map((collection) => ({ ...collection })),
    eradicated: state.eradication?.results ?? [],
    issued: state.recovery?.issued ?? [],
    journal: [...older, ...state.journal],
    recordedAt,
  };
}

function summaryOf(state: IncidentState): string {
  const alert = strongestAlert(state.alerts.kept);
  return alert === undefined || state.resolution === undefined
    ? `${state.severity} · ${state.incidentId}`
    : summaryLine(state.severity, alert, state.resolution);
}

function stepsOf(state: IncidentState): IncidentRecord['steps'] {
  return playbookSteps(state).map((step) => {
    const current = state.steps[step.id];
    const clock = state.clocks.find(({ stepId }) => stepId === step.id);
    const due = clock === undefined ? undefined : deadlineMs(clock);
    return {
      stepId: step.id,
      title: step.title,
      phase: step.phase,
      owner: teamTitle(state, step.owner),
      status: current?.status ?? 'waiting',
      ...optional('startedAt', current?.startedAt),
      ...optional('endedAt', current?.endedAt),
      ...optional('dueAt', due === undefined ? undefined : new Date(due).toISOString()),
      ...optional('breachedAt', clock?.breachedAt),
      pausedMs: clock?.pausedMs ?? 0,
      ...optional('outcome', current?.outcome),
    };
  });
}

/** Approved-then-automatic counts as automated: no person executed a step. */
function containmentRecord(view: ContainmentView): ContainmentRecord {
  return {
    principalArn: view.principal.arn,
    state: view.state,
    automated: !view.byHand && view.appliedAt !== undefined,
    tier: view.plan?.tier ?? 'none',
    ...optional('appliedAt', view.appliedAt),
    ...optional('effectiveFromAt', view.effectiveFromAt),
    ...optional('provenAt', view.provenAt),
    ...optional('releasedAt', view.releasedAt),
    provenBy: view.provenBy,
    limits: limitsOf(view),
    drifts: view.drifts,
    withdrawn: view.withdrawn,
  };
}

/** Refused measures first; then where an unproven containment stands; then what the claim does not cover. */
function limitsOf({ failedMeasures, provenAt, headline, limits }: ContainmentView): string[] {
  const refused = failedMeasures.map(({ measure, target, reason }) => `${REFUSED}${measure} ${target}: ${reason}`);
  return [...refused, ...(provenAt === undefined ? [headline] : []), ...limits];
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  const out: { [key in K]?: V } = {};
  if (value !== undefined) out[key] = value;
  return out;
}
