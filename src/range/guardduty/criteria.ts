import type { Condition } from '@aws-sdk/client-guardduty';
import type { FindingDetail } from './finding.js';

/** Whether a finding fits all criteria. Keys are paths such as `resource.accessKeyDetails.accessKeyId`; times are epoch milliseconds. */
export function fitsCriteria(detail: FindingDetail, criteria: Readonly<Record<string, Condition>>): boolean {
  return Object.entries(criteria).every(([path, condition]) => holds(valueAt(detail, path.split('.')), condition));
}

function valueAt(source: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return source;
  return typeof source === 'object' && source !== null ? valueAt(Reflect.get(source, name), rest) : undefined;
}

/** `Eq`, `Neq`, `Gt`, `Gte`, `Lt`, `Lte` are older names of the same tests (GuardDuty API reference, Condition). */
function holds(value: unknown, condition: Condition): boolean {
  const text = String(value);
  const number = numberOf(value);
  const equals = condition.Equals ?? condition.Eq;
  const notEquals = condition.NotEquals ?? condition.Neq;
  return (
    (equals === undefined || equals.includes(text)) &&
    notEquals?.includes(text) !== true &&
    number > (condition.GreaterThan ?? condition.Gt ?? -Infinity) &&
    number >= (condition.GreaterThanOrEqual ?? condition.Gte ?? -Infinity) &&
    number < (condition.LessThan ?? condition.Lt ?? Infinity) &&
    number <= (condition.LessThanOrEqual ?? condition.Lte ?? Infinity)
  );
}

/** Numbers as they are, times as milliseconds; what is neither counts as 0. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? 0 : time;
}
