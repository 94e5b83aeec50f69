import type { AlarmWindow } from '../../contracts/alert.js';
import { isObject, listAt, numberAt, RejectedMessageError, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { requiredText } from '../shared-fields.js';
import { parseJson } from '../safe-json.js';
import { toInstant } from '../timestamps.js';

/** An alarm in the words of any of its three shapes. */
export interface Alarm {
  readonly arn: string;
  readonly name: string;
  readonly description: unknown;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** `ALARM`, `OK`, `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly changedAt: string | undefined;
  readonly metrics: AlarmWindow['metrics'];
  readonly fromAt: string | undefined;
}

const ALARM_ARN = /^arn:aws[\w-]*:cloudwatch:([\w-]{1,32}):\w{1,32}:alarm:[\x20-\x7e]{1,256}$/;
const MAX_METRICS = 10;
/** A metric's window ends before CloudTrail has delivered everything that it counts. */
const DELIVERY_MS = 5 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const PERIOD_S = 300;

/**
 * Reads an alarm as EventBridge, a Lambda action or SNS tells it.
 *
 * @throws RejectedMessageError when name, ARN or state is missing.
 */
export function readAlarm(body: JsonObject): Alarm {
  if (typeof body['AlarmName'] === 'string') return fromSns(body);
  const inner = isObject(body['alarmData']) ? body['alarmData'] : body['detail'];
  if (!isObject(inner)) throw new RejectedMessageError('detail: expected the state change of an alarm');
  const arn = textAt(body, 'alarmArn') ?? textAt({ first: listAt(body, 'resources')[0] }, 'first');
  const changedAt = toInstant(valueAt(inner, 'state.timestamp')) ?? toInstant(body['time']);
  return {
    ...identityOf(arn, requiredText(inner, 'alarmName', 'CloudWatch alarm')),
    description: valueAt(inner, 'configuration.description'),
    account: textAt(body, 'accountId') ?? textAt(body, 'account'),
    state: requiredText(inner, 'state.value', 'CloudWatch alarm'),
    changedAt,
    metrics: metricsOf(listAt(inner, 'configuration.metrics').map((entry) => valueAt(entry, 'metricStat.metric'))),
    fromAt: windowStart(startOf(inner), changedAt),
  };
}

/** SNS writes the region in words and the metric as `Trigger`, or as `Trigger.Metrics` for expressions. */
function fromSns(body: JsonObject): Alarm {
  const changedAt = toInstant(body['StateChangeTime']);
  const seconds = (numberAt(body, 'Trigger.Period') ?? PERIOD_S) * (numberAt(body, 'Trigger.EvaluationPeriods') ?? 1);
  const several = listAt(body, 'Trigger.Metrics').map((entry) => valueAt(entry, 'MetricStat.Metric'));
  return {
    ...identityOf(textAt(body, 'AlarmArn'), requiredText(body, 'AlarmName', 'CloudWatch alarm')),
    description: body['AlarmDescription'],
    account: textAt(body, 'AWSAccountId'),
    state: requiredText(body, 'NewStateValue', 'CloudWatch alarm'),
    changedAt,
    metrics: metricsOf([valueAt(body, 'Trigger'), ...several]),
    fromAt: windowStart(changedAt === undefined ? undefined : Date.parse(changedAt) - seconds * 1000, changedAt),
  };
}

function identityOf(arn: string | undefined, name: string): Pick<Alarm, 'arn' | 'name' | 'region'> {
  const match = arn === undefined ? undefined : ALARM_ARN.exec(arn);
  if (arn === undefined || match === undefined || match === null)
    throw new RejectedMessageError('alarm ARN: expected the ARN of a CloudWatch alarm');
  return { arn, name: name.slice(0, 256), region: match[1] };
}

function metricsOf(metrics: readonly unknown[]): AlarmWindow['metrics'] {
  return metrics
    .flatMap((metric) => {
      const namespace = textAt(metric, 'namespace') ?? textAt(metric, 'Namespace');
      const name = textAt(metric, 'name') ?? textAt(metric, 'MetricName');
      return namespace === undefined || name === undefined || namespace.length > 256 || name.length > 256 ? [] : [{ namespace, name }];
    })
    .slice(0, MAX_METRICS);
}

/** When the first of the data points that were weighed begins. */
function startOf(alarm: JsonObject): number | undefined {
  const packed = textAt(alarm, 'state.reasonData');
  if (packed === undefined) return undefined;
  const data = reasonData(packed);
  const start = toInstant(valueAt(data, 'startDate')) ?? toInstant(valueAt(listAt(data, 'evaluatedDatapoints').at(-1), 'timestamp'));
  return start === undefined ? undefined : Date.parse(start);
}

/** Left out where it is not JSON: an alarm without it is still an alarm. */
function reasonData(packed: string): unknown {
  try {
    return parseJson(packed, 'state.reasonData');
  } catch {
    return undefined;
  }
}

function windowStart(startMs: number | undefined, changedAt: string | undefined): string | undefined {
  if (changedAt === undefined) return undefined;
  const endMs = Date.parse(changedAt);
  const from = Math.min(startMs ?? endMs - PERIOD_S * 1000, endMs) - DELIVERY_MS;
  return new Date(Math.max(0, from, endMs - LONGEST_MS)).toISOString();
}
