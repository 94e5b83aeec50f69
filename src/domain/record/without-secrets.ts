import type { IncidentRecord } from '../../contracts/record.js';
import { redactString } from '../evidence/secret-patterns.js';
import { plainText } from '../engine/plain-text.js';

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
    summary: clean(record.summary),
    ...(result === undefined ? {} : { result: { ...result, reason: clean(result.reason) } }),
    ...(verdict === undefined
      ? {}
      : { verdict: { ...verdict, signals: verdict.signals.map((signal) => ({ ...signal, reason: clean(signal.reason) })) } }),
    alerts: record.alerts.map((alert) => ({ ...alert, type: clean(alert.type), title: clean(alert.title) })),
    moments: record.moments.map((moment) => ({ ...moment, fixedBy: clean(moment.fixedBy) })),
    metrics: record.metrics.map((metric) => ({ ...metric, why: clean(metric.why) })),
    containments: record.containments.map((one) => ({
      ...one,
      provenBy: one.provenBy.map(clean),
      limits: one.limits.map(clean),
    })),
    steps: record.steps.map((step) => (step.outcome === undefined ? step : { ...step, outcome: clean(step.outcome) })),
    tasks: record.tasks.map(taskWithoutSecrets),
    evidence: record.evidence.map((collection) => ({ ...collection, absent: collection.absent.map(clean) })),
    journal: record.journal.map(({ at, who, text }) => ({ at, who: clean(who), text: clean(text).slice(0, JOURNAL_LIMIT) })),
  };
}

function taskWithoutSecrets(task: IncidentRecord['tasks'][number]): IncidentRecord['tasks'][number] {
  return {
    ...task,
    title: clean(task.title),
    ...(task.outcome === undefined ? {} : { outcome: clean(task.outcome) }),
    answers: task.answers.map((answer) => ({ ...answer, reason: clean(answer.reason) })),
  };
}

/** Looked for in the text as a terminal shows it: an escape sequence in the middle of a key hides nothing. */
function clean(text: string): string {
  const plain = plainText(text);
  const redacted = redactString(plain);
  return redacted === plain ? text : redacted;
}
