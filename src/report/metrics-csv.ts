import { stringify } from 'csv-stringify/sync';
import type { MetricsReport } from '../domain/record/summary.js';
import { shown } from './shown.js';

const SUMMARY_HEAD = [
  'metric',
  'known',
  'missing',
  'negative',
  'mean_seconds',
  'median_seconds',
  'p90_seconds',
  'target_seconds',
  'within_target',
  'share_within_target',
];

/** One row per metric (RFC 4180), the share of automated containments last. What is not known is an empty cell. */
export function metricsSummaryCsv({ metrics, automation }: MetricsReport): string {
  const rows = metrics.map((row) => [
    row.name,
    row.known,
    row.missing,
    row.negative,
    row.meanSeconds,
    row.medianSeconds,
    row.p90Seconds,
    row.targetSeconds,
    row.withinTarget,
    row.shareWithinTarget,
  ]);
  const automated = ['automatedContainments', automation.containments, 0, 0, '', '', '', '', automation.automated, automation.share];
  return stringify([SUMMARY_HEAD, ...rows, automated], { escape_formulas: true });
}

/** One row per incident, seconds as numbers. Cells that a spreadsheet would take for a formula are made text. */
export function metricsIncidentsCsv({ incidents, metrics }: MetricsReport): string {
  const names = metrics.map(({ name }) => name);
  const head = [
    'incident',
    'detected_at',
    'severity',
    'phase',
    'outcome',
    'summary',
    ...names.map((name) => `${name}_seconds`),
    'containments',
    'automated',
  ];
  const rows = incidents.map((row) => [
    shown(row.incidentId),
    row.detectedAt,
    row.severity,
    row.phase,
    row.outcome,
    shown(row.summary),
    ...names.map((name) => row.seconds[name]),
    row.containments,
    row.automatedContainments,
  ]);
  return stringify([head, ...rows], { escape_formulas: true });
}
