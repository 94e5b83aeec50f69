import type { IncidentRecord, MetricName } from '../../contracts/record.js';
import { isOverTarget, METRIC_NAMES, METRIC_TARGETS } from './metrics.js';
import { momentAt } from './moments.js';

/** One metric over several incidents. Incidents where it is not known are counted as missing and in nothing else. */
export interface MetricSummary {
  readonly name: MetricName;
  readonly known: number;
  readonly missing: number;
  /** Among the known ones: the end came before the start, such as a finding before the first event that is known. */
  readonly negative: number;
  readonly meanSeconds: number | null;
  /** The middle one, or the mean of the two in the middle. */
  readonly medianSeconds: number | null;
  /** Nearest rank: a time that did occur. */
  readonly p90Seconds: number | null;
  readonly targetSeconds: number | null;
  /** How many of the known ones are within the target; null where there is none. */
  readonly withinTarget: number | null;
  readonly shareWithinTarget: number | null;
}

export interface IncidentRow {
  readonly incidentId: string;
  readonly summary: string;
  readonly severity: string;
  readonly phase: string;
  readonly outcome: string | null;
  readonly detectedAt: string;
  readonly seconds: Readonly<Record<MetricName, number | null>>;
  readonly containments: number;
  readonly automatedContainments: number;
}

export interface MetricsReport {
  readonly sinceAt: string;
  readonly incidents: readonly IncidentRow[];
  readonly metrics: readonly MetricSummary[];
  readonly automation: {
    readonly containments: number;
    readonly automated: number;
    readonly share: number | null;
    readonly targetShare: number;
    readonly rule: string;
  };
}

/** aws-domain 9. */
export const AUTOMATION_TARGET = 0.8;
export const AUTOMATION_RULE =
  'automated = no person executed a step of the containment; approved by people, then carried out by Tourniquet, counts as automated; a principal that was let go before anything was written is left out';

/** Metrics over every incident detected since then. The record of a follow-up is no incident of its own. */
export function metricsReport(records: readonly IncidentRecord[], sinceAt: string): MetricsReport {
  const incidents = records
    .filter((record) => record.followUpOf === undefined && Date.parse(beganAt(record)) >= Date.parse(sinceAt))
    .map(rowOf)
    .toSorted((a, b) => Date.parse(b.detectedAt) - Date.parse(a.detectedAt) || (a.incidentId < b.incidentId ? -1 : 1));
  const containments = incidents.reduce((sum, row) => sum + row.containments, 0);
  const automated = incidents.reduce((sum, row) => sum + row.automatedContainments, 0);
  return {
    sinceAt,
    incidents,
    metrics: METRIC_NAMES.map((name) =>
      summaryOf(
        name,
        incidents.map(({ seconds }) => seconds[name]),
      ),
    ),
    automation: {
      containments,
      automated,
      share: shareOf(automated, containments),
      targetShare: AUTOMATION_TARGET,
      rule: AUTOMATION_RULE,
    },
  };
}

/** When an incident counts as begun: its detection, else the next best moment. */
function beganAt({ moments, recordedAt }: IncidentRecord): string {
  return (momentAt(moments, 'detected') ?? momentAt(moments, 'received'))?.at ?? recordedAt;
}

function rowOf(record: IncidentRecord): IncidentRow {
  const of = (name: MetricName): number | null => record.metrics.find((metric) => metric.name === name)?.seconds ?? null;
  const counted = record.containments.filter(({ state, appliedAt }) => state !== 'released' || appliedAt !== undefined);
  return {
    incidentId: record.incidentId,
    summary: record.summary,
    severity: record.severity,
    phase: record.phase,
    outcome: record.result?.outcome ?? null,
    detectedAt: beganAt(record),
    seconds: {
      mttd: of('mttd'),
      mtta: of('mtta'),
      mttrRespond: of('mttrRespond'),
      mttcApplied: of('mttcApplied'),
      mttc: of('mttc'),
      mttrRecover: of('mttrRecover'),
      dwell: of('dwell'),
    },
    containments: counted.length,
    automatedContainments: counted.filter(({ automated }) => automated).length,
  };
}

function summaryOf(name: MetricName, all: readonly (number | null)[]): MetricSummary {
  const known = all.filter((seconds) => seconds !== null).toSorted((a, b) => a - b);
  const targetSeconds = METRIC_TARGETS.get(name) ?? null;
  const within = targetSeconds === null ? null : known.filter((seconds) => !isOverTarget({ seconds, targetSeconds })).length;
  return {
    name,
    known: known.length,
    missing: all.length - known.length,
    negative: known.filter((seconds) => seconds < 0).length,
    meanSeconds: known.length === 0 ? null : known.reduce((sum, seconds) => sum + seconds, 0) / known.length,
    medianSeconds: medianOf(known),
    p90Seconds: known[Math.ceil(known.length * 0.9) - 1] ?? null,
    targetSeconds,
    withinTarget: within,
    shareWithinTarget: within === null ? null : shareOf(within, known.length),
  };
}

function medianOf(sorted: readonly number[]): number | null {
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
