import type { UnsignedAlert } from '../../contracts/alert.js';
import { type Alarm, readAlarm } from '../cloudwatch/alarm.js';
import { draftAlert, type Judgement } from '../draft-alert.js';
import { checkHints, shown } from '../../domain/alerts/grammar.js';
import { proseAt } from '../json-reader.js';
import { timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

/** An alarm does not say how bad it is: somebody thought it worth one. */
const SCORE = 5;

/**
 * CloudWatch alarms: EventBridge, Lambda action and SNS; the same change of state by two ways is one alert. None names a
 * principal: those behind it are looked up at intake, in the log group of the metric filter.
 */
export const cloudwatchAlarm: AlertSource = {
  id: 'cloudwatch-alarm',
  recognises: (body) =>
    body['source'] === 'aws.cloudwatch' || (typeof body['AlarmName'] === 'string' && typeof body['NewStateValue'] === 'string'),
  parse: (body, receivedAt, { sources }) => [alertOf(readAlarm(body), receivedAt, sources?.partition)],
};

function alertOf(alarm: Alarm, receivedAt: string, partition: string | undefined): UnsignedAlert {
  const { name, arn, changedAt, fromAt, metrics } = alarm;
  const isOurs = partition === undefined || arn.split(':')[1] === partition;
  const checked = isOurs
    ? checkHints({ account: alarm.account, region: alarm.region })
    : { account: undefined, region: undefined, hints: {}, problems: [`alarm ARN: expected partition ${partition}`] };
  const times = timesOf({ detected: [changedAt], firstSeen: [fromAt], receivedAt });
  const canLook = isOurs && fromAt !== undefined && changedAt !== undefined && metrics.length > 0;
  return draftAlert({
    source: 'cloudwatch-alarm',
    alertId: arn,
    type: 'CloudWatch:Alarm',
    title: proseAt({ text: `${name}: ${typeof alarm.description === 'string' ? alarm.description : 'no description'}` }, 'text', 512),
    score: SCORE,
    checked,
    kind: 'unknown',
    times,
    receivedAt,
    judgement: judge(alarm),
    alarm: canLook ? { name, metrics, fromAt, toAt: times.detectedAt } : undefined,
    body: { arn, changedAt, state: alarm.state },
  });
}

function judge({ state, metrics, name }: Alarm): Judgement {
  if (state !== 'ALARM') return { disposition: 'ignore', reason: `the alarm went to ${shown(state)}` };
  if (metrics.length === 0) return { disposition: 'review', reason: `alarm ${shown(name)} watches no metric of its own` };
  return { disposition: 'review', reason: `alarm ${shown(name)} names no principal: looked up in its log group at intake` };
}
