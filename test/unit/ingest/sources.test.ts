import { beforeAll, describe, expect, it } from 'vitest';
import type { UnsignedAlert } from '../../../src/contracts/alert.js';
import type { ParseSettings } from '../../../src/contracts/detection.js';
import { intakeId } from '../../../src/domain/alerts/intake-id.js';
import { parseMessage } from '../../../src/ingest/parse-message.js';
import { aFinding, alertOf, alertsOf, golden, RECEIVED_AT, settingsWithFalcon } from './samples.js';

let settings: ParseSettings;
beforeAll(async () => {
  settings = await settingsWithFalcon();
});

type Body = Record<string, unknown>;

/** A golden sample with values put at dotted paths; list positions are members too. `undefined` takes a member away. */
function changed(name: string, change: Record<string, unknown>): Body {
  const body = golden(name);
  for (const [path, value] of Object.entries(change)) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const parent = parts.reduce<Body>((at, part) => at[part] as Body, body);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return body;
}

const one = (name: string, change: Record<string, unknown> = {}): UnsignedAlert => alertOf(changed(name, change), settings);
const reasonOf = (message: unknown): string => {
  const parsed = parseMessage(JSON.stringify(message), RECEIVED_AT, settings);
  return parsed.accepted ? 'accepted' : parsed.reason;
};

describe('GuardDuty', () => {
  it.each([
    'Persistence:IAMUser/NetworkPermissions',
    'Persistence:IAMUser/ResourcePermissions',
    'Persistence:IAMUser/UserPermissions',
    'PrivilegeEscalation:IAMUser/AdministrativePermissions',
    'Recon:IAMUser/NetworkPermissions',
    'Recon:IAMUser/ResourcePermissions',
    'Recon:IAMUser/UserPermissions',
    'ResourceConsumption:IAMUser/ComputeResources',
    'Stealth:IAMUser/LoggingConfigurationModified',
    'UnauthorizedAccess:IAMUser/ConsoleLogin',
    'UnauthorizedAccess:IAMUser/UnusualASNCaller',
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration',
    'Behavior:IAMUser/InstanceLaunchUnusual',
  ])('opens for the retired type %s', (type) => {
    expect(alertOf(aFinding({ detail: { type } }), settings).disposition).toBe('open');
  });

  it('takes the address of an attack sequence from its endpoints', () => {
    expect(alertsOf(golden('guardduty-attack-sequence'), settings).map(({ facts }) => facts.remoteIp)).toEqual([
      '198.51.100.7',
      '198.51.100.7',
    ]);
  });
});

describe('Security Hub', () => {
  const FINDING = 'detail.findings.0';

  it.each([
    ['an archived finding', { [`${FINDING}.RecordState`]: 'ARCHIVED' }, 'ignore', 'archived'],
    ['a suppressed finding', { [`${FINDING}.Workflow`]: { Status: 'SUPPRESSED' } }, 'ignore', 'SUPPRESSED'],
    ['a sample', { [`${FINDING}.Title`]: '[SAMPLE] API x' }, 'ignore', 'sample'],
    ['a finding without severity', { [`${FINDING}.Severity`]: {} }, 'review', 'no severity'],
    ['no principal', { [`${FINDING}.Resources`]: [{ Type: 'AwsEc2Instance', Id: 'i-1' }] }, 'review', 'names no access key'],
    [
      'a key AWS cannot have issued',
      { [`${FINDING}.Resources.0.Details.AwsIamAccessKey.AccessKeyId`]: 'AKIA1' },
      'review',
      'access key id',
    ],
  ])('%s is told as such', (...[, change, disposition, reason]) => {
    const alert = one('security-hub-guardduty-key', change);

    expect(alert).toMatchObject({ disposition });
    expect(alert.reason).toContain(reason);
  });

  it('leaves a finding of an unknown product and type to a person', () => {
    const change = { [`${FINDING}.ProductArn`]: 'arn:aws:securityhub:us-east-1::product/acme/x', [`${FINDING}.Types`]: ['Unknown/Thing'] };

    expect(one('security-hub-guardduty-key', change)).toMatchObject({ disposition: 'review' });
    expect(one('security-hub-guardduty-key', change)).not.toHaveProperty('origin');
  });

  it('makes a repeat with another UpdatedAt an update of the same alert', () => {
    const [first, update] = [
      one('security-hub-guardduty-key'),
      one('security-hub-guardduty-key', { [`${FINDING}.UpdatedAt`]: '2026-03-01T11:50:00Z' }),
    ];

    expect(update.alertId).toBe(first.alertId);
    expect(intakeId(update)).not.toBe(intakeId(first));
  });

  it('reads every finding of an event, and rejects an event without one', () => {
    const event = golden('security-hub-guardduty-key');
    const [finding] = (event['detail'] as { findings: Body[] }).findings;
    const both = { ...event, detail: { findings: [finding, { ...finding, Id: 'another' }] } };

    expect(alertsOf(both, settings).map(({ alertId }) => alertId)).toEqual([finding?.['Id'], 'another']);
    expect(reasonOf({ ...event, detail: { insightArn: 'x' } })).toBe('detail.findings: expected findings in ASFF');
  });

  it('keeps a posture finding that a person sent on for review, as reported by a person', () => {
    const change = {
      'detail-type': 'Security Hub Findings - Custom Action',
      [`${FINDING}.ProductArn`]: 'arn:aws:securityhub:us-east-1::product/aws/securityhub',
      [`${FINDING}.Compliance`]: { Status: 'FAILED' },
    };

    expect(one('security-hub-guardduty-key', change)).toMatchObject({ disposition: 'review', facts: { reportedByPerson: true } });
  });

  it.each([
    ['status resolved', { 'detail.findings.0.status_id': 4 }, 'ignore'],
    ['closed', { 'detail.findings.0.activity_id': 3 }, 'ignore'],
    ['another class', { 'detail.findings.0.class_uid': 2001 }, 'review'],
    ['no severity', { 'detail.findings.0.severity_id': 0 }, 'review'],
    ['a sample', { 'detail.findings.0.finding_info.title': '[SAMPLE] x' }, 'ignore'],
  ])('OCSF: %s is %s', (_, change, disposition) => {
    expect(one('security-hub-ocsf-detection', change)).toMatchObject({ disposition });
  });

  it('OCSF: takes the key of a resource where there is no evidence', () => {
    expect(one('security-hub-ocsf-detection', { 'detail.findings.0.evidences': undefined }).hints).toEqual({
      accessKeyId: 'AKIAQYLPMN5HEXAMPLE1',
    });
  });

  it('OCSF: is refused where every call of the evidence was', () => {
    const api = { operation: 'CreateUser', response: { error: 'AccessDenied' } };

    expect(one('security-hub-ocsf-detection', { 'detail.findings.0.evidences.0.api': api }).deniedOnly).toBe(true);
  });
});

describe('CloudTrail', () => {
  it('is for review, and judged at intake, where no rules are known', () => {
    expect(alertOf(golden('cloudtrail-harmless-call'))).toMatchObject({ disposition: 'review', call: { eventName: 'CreateBucket' } });
  });

  it('ignores calls of AWS itself', () => {
    expect(
      one('cloudtrail-create-access-key', { 'detail.userIdentity': { type: 'AWSService', invokedBy: 'x.amazonaws.com' } }),
    ).toMatchObject({
      disposition: 'ignore',
      reason: 'a call of AWS itself',
    });
  });

  it('never takes the name that somebody typed by mistake', () => {
    const alert = one('cloudtrail-failed-sign-in', { 'detail.userIdentity.userName': 'HIDDEN_DUE_TO_SECURITY_REASONS' });

    expect(alert.hints).toEqual({ principalId: 'AIDAQYLPMN5HEXAMPLE1' });
  });

  it('never becomes the role that an alert names: it stands in the title alone', () => {
    const alert = one('cloudtrail-break-glass', {
      'detail.requestParameters.roleArn': '../../etc/passwd',
      'detail.assumeRole': 'arn:aws:iam::999988887777:role/x',
    });

    expect(alert.call).not.toHaveProperty('assumes');
    expect(alert.disposition).toBe('ignore');
    expect(JSON.stringify(alert.hints)).not.toContain('999988887777');
  });

  it('asks nothing about a call whose caller fails the grammar: a person looks at it', () => {
    const alert = one('cloudtrail-create-access-key', { 'detail.userIdentity.userName': '../../etc' });

    expect(alert).toMatchObject({ disposition: 'review' });
    expect(alert).not.toHaveProperty('call');
  });

  it.each([
    ['eventID', { 'detail.eventID': undefined }, 'a CloudTrail record without eventID'],
    ['eventName', { 'detail.eventName': 'Create;User' }, 'eventName: expected the name of an API call'],
    ['eventSource', { 'detail.eventSource': 'IAM!' }, 'eventSource: expected the host name of an AWS service'],
    ['detail', { detail: 'x' }, 'detail: expected a CloudTrail record'],
  ])('rejects a record with a bad %s', (_, change, reason) => {
    expect(reasonOf(changed('cloudtrail-create-access-key', change))).toBe(reason);
  });
});

describe('CloudWatch alarms', () => {
  it('are one alert by EventBridge and by SNS', () => {
    expect(intakeId(one('cloudwatch-alarm-sns'))).toBe(intakeId(one('cloudwatch-alarm-eventbridge')));
  });

  it('look at the evaluated data points and at what CloudTrail delivers late', () => {
    expect(one('cloudwatch-alarm-eventbridge').alarm).toMatchObject({ fromAt: '2026-03-01T11:25:00.000Z' });
    expect(one('cloudwatch-alarm-sns').alarm).toMatchObject({ fromAt: '2026-03-01T11:29:00.000Z' });
  });

  it('look back a day at most, whatever the alarm says', () => {
    const alert = one('cloudwatch-alarm-eventbridge', { 'detail.state.reasonData': '{"startDate":"2020-01-01T00:00:00Z"}' });

    expect(alert.alarm?.fromAt).toBe('2026-02-28T11:39:00.000Z');
  });

  it.each([
    ['OK', { 'detail.state.value': 'OK' }, 'ignore'],
    ['metrics of no shape', { 'detail.configuration.metrics': 'none' }, 'review'],
    ['reasons that are no JSON', { 'detail.state.reasonData': '{' }, 'review'],
  ])('%s is %s', (_, change, disposition) => {
    expect(one('cloudwatch-alarm-eventbridge', change)).toMatchObject({ disposition });
  });

  it('are rejected without an ARN of theirs', () => {
    expect(reasonOf(changed('cloudwatch-alarm-eventbridge', { resources: ['arn:aws:s3:::x'] }))).toBe(
      'alarm ARN: expected the ARN of a CloudWatch alarm',
    );
  });
});

describe('Access Analyzer and Config', () => {
  it.each([
    ['a deleted role', 'access-analyzer-role', { 'detail.isDeleted': true }, 'ignore'],
    ['an archived finding', 'access-analyzer-role', { 'detail.status': 'ARCHIVED' }, 'ignore'],
    ['a bucket', 'access-analyzer-role', { 'detail.resourceType': 'AWS::S3::Bucket' }, 'ignore'],
    ['a public role', 'access-analyzer-role', { 'detail.isPublic': true }, 'review'],
    ['a met rule', 'config-role', { 'detail.newEvaluationResult.complianceType': 'COMPLIANT' }, 'ignore'],
    ['a bucket of Config', 'config-role', { 'detail.resourceType': 'AWS::S3::Bucket' }, 'ignore'],
  ])('%s: %s with %j is %s', (...[, name, change, disposition]) => {
    expect(one(name, change)).toMatchObject({ disposition });
  });

  it('rejects other events of Config', () => {
    expect(reasonOf(changed('config-role', { 'detail-type': 'Config Configuration Item Change' }))).toContain(
      'expected Config Rules Compliance',
    );
  });
});

describe('Alertmanager', () => {
  it('says of a group that is resolved that nothing burns any more', () => {
    const resolved = golden('alertmanager-two-firing');
    resolved['alerts'] = (resolved['alerts'] as Body[]).map((entry) => ({ ...entry, status: 'resolved' }));

    expect(alertsOf(resolved, settings).map(({ disposition }) => disposition)).toEqual(['ignore', 'ignore', 'ignore']);
  });

  it('does not count a new value in the annotations as news, but a new episode', () => {
    const [first, again, later] = [
      {},
      { 'alerts.0.annotations': { summary: 'AwsKeyLeaked fired, value 9' } },
      { 'alerts.0.startsAt': '2026-03-01T11:45:00Z' },
    ].map((change) => intakeId(alertsOf(changed('alertmanager-two-firing', change), settings)[0] as UnsignedAlert));

    expect(again).toBe(first);
    expect(later).not.toBe(first);
  });

  it('reads other labels by the mapping', () => {
    const { sources, rules } = settings;
    if (sources === undefined) throw new Error('sources are shipped');
    const own = { rules, sources: { ...sources, alertmanager: { ...sources.alertmanager, accessKeyId: 'key' } } };
    const body = changed('alertmanager-two-firing', { 'alerts.0.labels.key': 'AKIAQYLPMN5HEXAMPLE2' });

    expect(alertsOf(body, own)[0]?.hints.accessKeyId).toBe('AKIAQYLPMN5HEXAMPLE2');
  });

  it('rejects a group without alerts or without their names', () => {
    expect(reasonOf(changed('alertmanager-two-firing', { alerts: [] }))).toBe('alerts: expected at least one alert');
    expect(reasonOf(changed('alertmanager-two-firing', { 'alerts.0.labels': {} }))).toContain('alerts.labels.alertname: expected');
  });
});

describe('generic mappings', () => {
  it('know no product without a mapping', () => {
    expect(parseMessage(JSON.stringify(golden('generic-falcon')), RECEIVED_AT)).toEqual({
      accepted: false,
      reason: 'no known source sends such a message',
    });
  });

  it('bind a sender that is known by a mapping to its product', () => {
    const falcon = { ...settings, mapping: 'falcon' };

    expect(parseMessage(JSON.stringify(golden('generic-falcon')), RECEIVED_AT, falcon)).toMatchObject({ accepted: true });
    expect(parseMessage(JSON.stringify(aFinding()), RECEIVED_AT, falcon)).toMatchObject({ accepted: false });
  });

  it.each([
    ['a missing id', { 'detections.0.detection_id': undefined }, 'a message of falcon without id'],
    ['no list', { detections: 'none' }, 'detections: expected a list of objects'],
    ['an empty list', { detections: [] }, 'detections: expected a list of objects'],
  ])('reject %s', (_, change, reason) => {
    expect(reasonOf(changed('generic-falcon', change))).toBe(reason);
  });

  it('are for review without a principal or with one that AWS could not have issued', () => {
    const entry = { detection_id: 'x' };

    expect(one('generic-falcon', { detections: [entry] })).toMatchObject({ disposition: 'review' });
    expect(one('generic-falcon', { detections: [{ ...entry, user: { name: 'a/b' }, cloud: { account_id: '1' } }] }).reason).toContain(
      'user name',
    );
  });
});

describe('grammar before any question to AWS', () => {
  it('keeps nothing of an alert with an ARN of another partition', () => {
    const arn = 'arn:aws-cn:iam::111122223333:user/ci-deploy';
    const alert = alertOf(
      { source: 'tourniquet.manual', id: 'x', title: 'leaked', reportedBy: 'kim', arn, userName: 'ci-deploy' },
      settings,
    );

    expect(alert).toMatchObject({ disposition: 'review', hints: {}, reason: 'ARN of partition aws-cn: expected aws' });
    expect(alert).not.toHaveProperty('account');
  });

  it('keeps nothing of an alert whose ARN is of another account than its own: its name must not be looked up there', () => {
    const change = { 'alerts.2.labels.aws_account': '444455556666' };
    const alert = alertsOf(changed('alertmanager-two-firing', change), settings)[1];

    expect(alert).toMatchObject({ disposition: 'review', hints: {}, reason: expect.stringContaining('ARN of account 111122223333') });
  });

  it.each([
    ['arn:aws:iam::111122223333:user/../../root', 'ARN'],
    ['arn:aws:iam::1:user/x', 'ARN'],
    [`arn:aws:iam::111122223333:user/${'x'.repeat(3_000)}`, 'ARN'],
  ])('leaves out %s', (arn, what) => {
    const alert = alertOf({ source: 'tourniquet.manual', id: 'x', title: 'leaked', reportedBy: 'kim', arn: arn.slice(0, 2_000) }, settings);

    expect(alert.disposition).toBe('review');
    expect(alert.hints).not.toHaveProperty('arn');
    expect(alert.reason).toContain(what);
  });

  it('rejects a 1 MB user name unread, and leaves out one of 100 kB', () => {
    const named = (length: number): unknown => aFinding({ access: { userName: 'a'.repeat(length) } });

    expect(reasonOf(named(1_000_000))).toContain('too large');
    const alert = alertOf(named(100_000), settings);
    expect(alert.hints).not.toHaveProperty('userName');
    expect(alert.reason.length).toBeLessThan(200);
  });
});

it('takes the good messages of a batch and says why the others are none', () => {
  const batch = { Records: [aFinding(), { hello: 1 }, golden('cloudtrail-root-sign-in')].map((body) => ({ body: JSON.stringify(body) })) };
  const cut = { Records: [{ body: '{"cut' }, { body: JSON.stringify(aFinding()) }] };

  expect(parseMessage(JSON.stringify(batch), RECEIVED_AT, settings)).toMatchObject({
    accepted: true,
    alerts: [{ source: 'guardduty' }, { source: 'cloudtrail' }],
    rejected: ['no known source sends such a message'],
  });
  expect(parseMessage(JSON.stringify(cut), RECEIVED_AT, settings)).toMatchObject({
    accepted: true,
    alerts: [{ source: 'guardduty' }],
    rejected: ['the enveloped message is JSON that ends too early'],
  });
});
