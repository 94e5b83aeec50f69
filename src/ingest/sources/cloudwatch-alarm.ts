import { unsupportedSource } from '../alert-source.js';

/** CloudWatch alarms: EventBridge, Lambda action and SNS. */
export const cloudwatchAlarm = unsupportedSource(
  'cloudwatch-alarm',
  'aws.cloudwatch',
  (body) => body['source'] === 'aws.cloudwatch' || (typeof body['AlarmName'] === 'string' && typeof body['NewStateValue'] === 'string'),
);
