import type { IncidentRecord } from '../../contracts/record.js';
import { redactString } from '../evidence/secret-patterns.js';

/** What the contract takes of a journal line. */
const JOURNAL_LIMIT = 1000;

/**
 * The record with what looks like a secret taken out of all free text: people paste keys into notes and reasons, callers
 * put them into names. Identifiers, hashes and paths are left as they are. Doing it again changes nothing.
 */
export function withoutSecrets(record: IncidentRecord): IncidentRecord {
  const { result, verdict } = record;
  return {
    ...record,
    summary: redactString(record.summary),
    ...(result === undefined ? {} : { result: { ...result, reason: redactString(result.reason) } }),
    ...(verdict === undefined
      ? {}
      : { verdict: { ...verdict, signals: verdict.signals.map((signal) => ({ ...signal, reason: redactString(signal.reason) })) } }),
    alerts: record.alerts.map((alert) => ({ ...alert, type: redactString(alert.type), title: redactString(alert.title) })),
    moments: record.moments.map((moment) => ({ ...moment, fixedBy: redactString(moment.fixedBy) })),
    metrics: record.metrics.map((metric) => ({ ...metric, why: redactString(metric.why) })),
    containments: record.containments.map((one) => ({
      ...one,
      provenBy: one.provenBy.map(redactString),
      limits: one.limits.map(redactString),
    })),
    steps: record.steps.map((step) => (step.outcome === undefined ? step : { ...step, outcome: redactString(step.outcome) })),
    tasks: record.tasks.map(taskWithoutSecrets),
    evidence: record.evidence.map((collection) => ({ ...collection, absent: collection.absent.map(redactString) })),
    journal: record.journal.map(({ at, who, text }) => ({ at, who: redactString(who), text: redactString(text).slice(0, JOURNAL_LIMIT) })),
  };
}

function taskWithoutSecrets(task: IncidentRecord['tasks'][number]): IncidentRecord['tasks'][number] {
  return {
    ...task,
    title: redactString(task.title),
    ...(task.outcome === undefined ? {} : { outcome: redactString(task.outcome) }),
    answers: task.answers.map((answer) => ({ ...answer, reason: redactString(answer.reason) })),
  };
}
