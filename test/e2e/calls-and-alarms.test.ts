import { randomUUID } from 'node:crypto';
import { CloudWatchLogsClient, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import type { CloudTrailRecord } from '../../src/domain/cloudtrail/record.js';
import { test, type Stage } from './stage.js';
import { until } from './until.js';

const GROUP = 'aws-cloudtrail-logs';

/** A record of the range as EventBridge delivers it. */
function eventOf(record: object): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.iam',
    account: '111122223333',
    time: new Date().toISOString(),
    region: 'us-east-1',
    resources: [],
    detail: record,
  };
}

function recordOf({ range }: Stage, eventName: string, userName: string): Promise<CloudTrailRecord> {
  return until(`${eventName} of ${userName} is recorded`, () =>
    Promise.resolve(
      range.recorded().find((record) => record.eventName === eventName && record.userIdentity.userName === userName) as
        | CloudTrailRecord
        | undefined,
    ),
  );
}

describe.concurrent('what names no finding', () => {
  test('a call from where its user never was opens his incident, a second delivery starts nothing, and a harmless call is ignored', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto' });
    const { userName } = stage.range.identities.admin;
    await stage.newUser('made-by-an-intruder');
    const call = await recordOf(stage, 'CreateAccessKey', userName);
    const stranger = eventOf({ ...call, sourceIPAddress: '203.0.113.66' });

    const opened = await stage.send(stranger);
    const again = await stage.send(stranger);
    const harmless = await stage.send(eventOf({ ...call, eventID: randomUUID(), eventName: 'ListAccessKeys' }));
    const state = await stage.reaches(opened.workflowId, 'it is weighed', ({ verdict }) => verdict !== undefined);

    expect(opened).toMatchObject({ outcome: 'opened', workflowId: `incident/111122223333/user/${userName}`, duplicate: false });
    expect(again).toMatchObject({ outcome: 'opened', incidentId: opened.incidentId, duplicate: true });
    expect(harmless).toMatchObject({ outcome: 'ignored', reason: 'no detection rule is about such a call' });
    expect(state.alerts.kept[0]).toMatchObject({ source: 'cloudtrail', facts: { anomalousBehavior: true } });
    expect(state.verdict?.verdict).not.toBe('benign');
  });

  test('an alarm opens an incident for whoever the metric filter counted', async ({ setStage }) => {
    const stage = await setStage({ range: { trailLogGroup: GROUP } });
    const { endpoint, identities } = stage.range;
    const { userName } = identities.admin;
    const logs = new CloudWatchLogsClient({ region: 'us-east-1', endpoint, credentials: identities.admin });
    await logs.send(
      new PutMetricFilterCommand({
        logGroupName: GROUP,
        filterName: 'policy-changes',
        filterPattern: '{($.eventName=PutUserPolicy)||($.eventName=AttachUserPolicy)}',
        metricTransformations: [{ metricNamespace: 'CloudTrailMetrics', metricName: 'IAMPolicyEventCount', metricValue: '1' }],
      }),
    );
    const { userName: victim } = await stage.newUser('victim');
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
    await stage.admin.iam.send(new PutUserPolicyCommand({ UserName: victim, PolicyName: 'more', PolicyDocument }));
    const now = Date.now();
    const at = new Date(now + 2_000).toISOString();
    const reasonData = JSON.stringify({ startDate: new Date(now - 60_000).toISOString() });
    const metric = { namespace: 'CloudTrailMetrics', name: 'IAMPolicyEventCount', dimensions: {} };
    const alarm = {
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '111122223333',
      time: at,
      region: 'us-east-1',
      resources: ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:IAMPolicyChange'],
      detail: {
        alarmName: 'IAMPolicyChange',
        state: { value: 'ALARM', reasonData, timestamp: at },
        configuration: { metrics: [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Sum' } }] },
      },
    };
    // The trail delivers within a second here.
    await new Promise((resolve) => setTimeout(resolve, 2_500));

    const told = await stage.send(alarm);
    const incident = `incident/111122223333/user/${userName}`;
    await until('the intake of the principal has opened it', () =>
      stage.session.client.workflow
        .getHandle(incident)
        .describe()
        .then(
          () => true,
          () => undefined,
        ),
    );
    const state = await stage.reaches(incident, 'it is weighed', ({ verdict }) => verdict !== undefined);

    expect(told).toMatchObject({ outcome: 'expanded', reason: 'principals behind the alarm: 1, log lines: 1' });
    expect(state.alerts.kept[0]).toMatchObject({ source: 'cloudwatch-alarm', hints: { userName } });
  });
});
