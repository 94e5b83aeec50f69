import type { IncidentRecord, Metric } from '../contracts/record.js';
import { isOverTarget } from '../domain/record/metrics.js';
import { momentAt } from '../domain/record/moments.js';

export type Standing = 'within target' | 'OVER TARGET' | 'OVER TARGET, still open';

/** A metric against its target; one that is not known yet in an open incident is over once its time has passed. */
export function standingOf(metric: Metric, { moments, result, recordedAt }: IncidentRecord): Standing | undefined {
  const { seconds, targetSeconds, from, to } = metric;
  if (targetSeconds === null) return undefined;
  if (seconds !== null) return isOverTarget(metric) ? 'OVER TARGET' : 'within target';
  const start = momentAt(moments, from);
  if (start === undefined || result !== undefined || momentAt(moments, to) !== undefined) return undefined;
  return Date.parse(recordedAt) - Date.parse(start.at) > targetSeconds * 1000 ? 'OVER TARGET, still open' : undefined;
}
