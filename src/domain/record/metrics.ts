import type { Metric, MetricName, Moment, MomentName } from '../../contracts/record.js';
import { momentAt } from './moments.js';

const HOUR = 3600;

interface Row {
  readonly name: MetricName;
  readonly from: MomentName;
  /** Used where `from` is not known. */
  readonly fallback?: MomentName;
  readonly to: MomentName;
  /** S003 "Metrics and KPIs"; null where it names none. */
  readonly targetSeconds: number | null;
}

/** Formulas of aws-domain 9 in the words of design 4: MTTC = effectiveFrom − detectedAt, once proven. */
const ROWS: readonly Row[] = [
  { name: 'mttd', from: 'compromise', fallback: 'firstMalicious', to: 'detected', targetSeconds: 2 * HOUR },
  { name: 'mtta', from: 'detected', to: 'acknowledged', targetSeconds: null },
  { name: 'mttrRespond', from: 'detected', to: 'firstAction', targetSeconds: 4 * HOUR },
  { name: 'mttcApplied', from: 'detected', to: 'applied', targetSeconds: null },
  { name: 'mttc', from: 'detected', to: 'effectiveFrom', targetSeconds: 6 * HOUR },
  { name: 'mttrRecover', from: 'detected', to: 'recovered', targetSeconds: 24 * HOUR },
  { name: 'dwell', from: 'compromise', fallback: 'firstMalicious', to: 'effectiveFrom', targetSeconds: null },
];

/** The metrics in the order they are shown in. */
export const METRIC_NAMES: readonly MetricName[] = ROWS.map(({ name }) => name);

/** Targets of S003 in seconds; null where it names none. */
export const METRIC_TARGETS: ReadonlyMap<MetricName, number | null> = new Map(ROWS.map(({ name, targetSeconds }) => [name, targetSeconds]));

/** True where a target is known and missed; a metric that is not known misses nothing. */
export function isOverTarget({ seconds, targetSeconds }: Pick<Metric, 'seconds' | 'targetSeconds'>): boolean {
  return seconds !== null && targetSeconds !== null && seconds > targetSeconds;
}

/** Every metric of one incident. A missing moment gives null and says which one, never zero. */
export function metricsOf(moments: readonly Moment[]): Metric[] {
  return ROWS.map(({ name, fallback, to, targetSeconds, ...row }) => {
    const given = momentAt(moments, row.from);
    const from = given === undefined && fallback !== undefined ? fallback : row.from;
    const [start, end] = [momentAt(moments, from), momentAt(moments, to)];
    const missing = [...(start === undefined ? [from] : []), ...(end === undefined ? [to] : [])];
    const instead = from === row.from ? '' : `${row.from} is not known, counted from ${from}; `;
    if (start === undefined || end === undefined)
      return { name, seconds: null, targetSeconds, from, to, why: `${instead}${missing.join(' and ')} not known` };
    const seconds = (Date.parse(end.at) - Date.parse(start.at)) / 1000;
    const turned = seconds < 0 ? `negative: ${to} was before ${from}; ` : '';
    return { name, seconds, targetSeconds, from, to, why: `${instead}${turned}${start.fixedBy} → ${end.fixedBy}` };
  });
}
