import { CloudWatchLogsClient, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { UnsignedAlert } from '../../src/contracts/alert.js';
import { intakeId } from '../../src/domain/alerts/intake-id.js';
import { failureOf, type Rig, rigsOfThisFile, run, withoutReceipt } from '../fixtures/activities.js';
import { anAlert } from '../fixtures/builders.js';
import { clientsOf, denyResponder } from '../fixtures/range.js';

const GROUP = 'aws-cloudtrail-logs';
const METRIC = { namespace: 'CloudTrailMetrics', name: 'NewUsers' };
const rigs = rigsOfThisFile();

/** An account whose trail has a log group with a metric filter, and in which an administrator and a refused innocent tried to make users. */
async function aRig(): Promise<Rig> {
  const rig = await rigs({ trailLogGroup: GROUP });
  const { endpoint, identities } = rig.range;
  const logs = new CloudWatchLogsClient({ region: 'us-east-1', endpoint, credentials: identities.admin, maxAttempts: 1 });
  await logs.send(
    new PutMetricFilterCommand({
      logGroupName: GROUP,
      filterName: 'new-users',
      filterPattern: '{ ($.eventSource = iam.amazonaws.com) && ($.eventName = CreateUser || $.eventName = "CreateLoginProfile") }',
      metricTransformations: [{ metricNamespace: METRIC.namespace, metricName: METRIC.name, metricValue: '1' }],
    }),
  );
  const admin = clientsOf(rig.range, 'admin').iam;
  await admin.send(new CreateUserCommand({ UserName: 'one' }));
  await admin.send(new CreateUserCommand({ UserName: 'two' }));
  await clientsOf(rig.range, 'innocent')
    .iam.send(new CreateUserCommand({ UserName: 'three' }))
    .catch(() => undefined);
  return rig;
}

function anAlarm(change: Partial<UnsignedAlert> = {}): UnsignedAlert {
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  return withoutReceipt(
    anAlert({
      source: 'cloudwatch-alarm',
      alertId: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:NewUsers',
      type: 'CloudWatch:Alarm',
      principalKind: 'unknown',
      hints: {},
      disposition: 'review',
      alarm: { name: 'NewUsers', metrics: [METRIC], fromAt: at(-600_000), toAt: at(60_000) },
      ...change,
    }),
  );
}

const expand = async (rig: Rig, change: Partial<UnsignedAlert> = {}) =>
  run(rig.activities.main.expandAlarm, await rig.authority.signReceipt(anAlarm(change)));
const logCalls = ({ range }: Rig): string[] => range.calls().flatMap(({ api }) => (/logs:(Describe|Filter)/.test(api) ? [api] : []));

describe.concurrent('expanding an alarm', () => {
  it('finds who made the calls that the metric filter counted: one signed alert each, with an intake of its own', async () => {
    const rig = await aRig();
    const { admin, innocent } = rig.range.identities;

    const { intakes, note } = await expand(rig);

    expect(note).toBe('principals behind the alarm: 2, log lines: 3');
    expect(intakes.map(({ alert }) => [alert.hints.userName, alert.deniedOnly, alert.disposition])).toEqual([
      [admin.userName, false, 'open'],
      [innocent.userName, true, 'open'],
    ]);
    for (const { alert, workflowId, incidentId } of intakes) {
      expect(await rig.authority.verifyReceipt(alert)).toBe(true);
      expect(alert).not.toHaveProperty('alarm');
      expect(alert).toMatchObject({ source: 'cloudwatch-alarm', account: rig.range.accountId, principalKind: 'user' });
      expect(alert.alertId).toMatch(/^arn:aws:cloudwatch:us-east-1:111122223333:alarm:NewUsers#AIDA/);
      expect(workflowId).toBe(intakeId(alert));
      expect(incidentId).toMatch(/^INC-\d{8}-/);
    }
  });

  it('gives the same intakes again for the same alarm, and others for its next change of state', async () => {
    const rig = await aRig();
    const ids = async (bodySha256: string): Promise<string[]> =>
      (await expand(rig, { bodySha256 })).intakes.map(({ workflowId }) => workflowId);

    const [first, again, later] = [await ids('a'.repeat(64)), await ids('a'.repeat(64)), await ids('b'.repeat(64))];

    expect(again).toEqual(first);
    expect(later.some((id) => first.includes(id))).toBe(false);
  });

  it.each([
    [
      'outside the window',
      { fromAt: '2020-01-01T00:00:00.000Z', toAt: '2020-01-01T01:00:00.000Z', metrics: [METRIC] },
      '0 log lines name no principal',
    ],
    ['a metric that no filter feeds', { metrics: [{ ...METRIC, name: 'Other' }] }, 'no metric filter feeds the alarm'],
    ['a metric of AWS', { metrics: [{ namespace: 'AWS/EC2', name: 'NetworkOut' }] }, 'AWS/EC2 NetworkOut is a metric of AWS'],
  ])('finds nobody and says why: %s', async (_, alarm, why) => {
    const rig = await aRig();
    const { alarm: whole } = anAlarm();
    if (whole === undefined) throw new Error('an alarm has a window');

    const { intakes, note } = await expand(rig, { alarm: { ...whole, ...alarm } });

    expect(intakes).toEqual([]);
    expect(note).toContain(why);
  });

  it('asks AWS nothing about an account that is not ours, or for an alarm without region', async () => {
    const rig = await aRig();

    expect(await expand(rig, { account: '999988887777' })).toMatchObject({ intakes: [], note: expect.stringContaining('allow-list') });
    expect(await run(rig.activities.main.expandAlarm, await rig.authority.signReceipt(withoutRegion(anAlarm())))).toMatchObject({
      intakes: [],
    });
    expect(logCalls(rig)).toEqual([]);
  });

  it('expands nothing that ingest has not signed', async () => {
    const rig = await aRig();
    const forged = { ...anAlarm(), receipt: 'e30.e30.e30' };

    expect(await failureOf(run(rig.activities.main.expandAlarm, forged))).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(logCalls(rig)).toEqual([]);
  });

  it('fails with the missing permission where the log group may not be read', async () => {
    const rig = await aRig();
    await denyResponder(rig.range, 'logs:FilterLogEvents');

    expect(await failureOf(expand(rig))).toMatchObject({
      type: 'PermissionDenied',
      message: expect.stringContaining('logs:FilterLogEvents'),
    });
  });
});

function withoutRegion({ region: _, ...alert }: UnsignedAlert): UnsignedAlert {
  return alert;
}
