import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudWatchLogsClient, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import type { Lab } from '../fixtures/lab/lab.js';
import { until } from '../fixtures/lab/lab.js';
import type { Scenario } from './scenario.js';

const GROUP = 'aws-cloudtrail-logs';
const METRIC = { namespace: 'CloudTrailMetrics', name: 'NewUsers' };

/** Branches of the intake before anybody is looked for. */
export const INTAKE_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'call-judged': {
    shows: 'a call of CloudTrail is judged by its rules and its past, and opens the incident of its caller',
    keeps: ['alertIntake'],
    play: async (lab) => {
      const { userName } = lab.range.identities.leaked;
      await lab.receive(
        event('AWS API Call via CloudTrail', { source: 'aws.cloudtrail', detail: stopLogging(lab.range.accountId, userName) }),
      );
      await endedIntakes(lab, 1);
    },
  },
  'alarm-expanded': {
    shows: 'an alarm without a principal starts an intake for whoever its metric filter counted',
    keeps: ['alertIntake'],
    options: { trailLogGroup: GROUP },
    play: async (lab) => {
      await countNewUsers(lab);
      await lab.admin.send(new CreateUserCommand({ UserName: 'counted' }));
      // The trail delivers within half a second here.
      await delay(1_500);
      await lab.receive(alarm(lab.range.accountId));
      await endedIntakes(lab, 2);
    },
  },
};

async function endedIntakes({ session }: Lab, wanted: number): Promise<void> {
  const query = `WorkflowType = 'alertIntake' AND ExecutionStatus = 'Completed'`;
  await until(`${wanted} intakes have ended`, async () =>
    (await session.client.workflow.count(query)).count >= wanted ? true : undefined,
  );
}

async function countNewUsers({ range }: Lab): Promise<void> {
  const { accessKeyId, secretAccessKey } = range.identities.admin;
  const logs = new CloudWatchLogsClient({ region: 'us-east-1', endpoint: range.endpoint, credentials: { accessKeyId, secretAccessKey } });
  await logs.send(
    new PutMetricFilterCommand({
      logGroupName: GROUP,
      filterName: 'new-users',
      filterPattern: '{ $.eventName = "CreateUser" }',
      metricTransformations: [{ metricNamespace: METRIC.namespace, metricName: METRIC.name, metricValue: '1' }],
    }),
  );
}

function event(detailType: string, { source, detail, resources = [] }: { source: string; detail: object; resources?: string[] }): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: '111122223333',
    time: new Date().toISOString(),
    region: 'us-east-1',
    resources,
    detail,
  };
}

function stopLogging(accountId: string, userName: string): object {
  return {
    eventVersion: '1.10',
    userIdentity: { type: 'IAMUser', accountId, userName },
    eventTime: new Date().toISOString(),
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.66',
    requestParameters: { name: 'main' },
    eventID: randomUUID(),
    recipientAccountId: accountId,
  };
}

function alarm(accountId: string): object {
  const now = Date.now();
  const reasonData = JSON.stringify({ startDate: new Date(now - 60_000).toISOString() });
  const detail = {
    alarmName: 'NewUsers',
    state: { value: 'ALARM', reasonData, timestamp: new Date(now + 1_000).toISOString() },
    configuration: { metrics: [{ id: 'm1', metricStat: { metric: { ...METRIC, dimensions: {} }, period: 60, stat: 'Sum' } }] },
  };
  const resources = [`arn:aws:cloudwatch:us-east-1:${accountId}:alarm:NewUsers`];
  return event('CloudWatch Alarm State Change', { source: 'aws.cloudwatch', detail, resources });
}
