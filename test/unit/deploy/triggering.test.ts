import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { guardDutyFinding, healthEvent } from '../../../src/range/alerts/findings.js';
import { createRandom } from '../../../src/range/random/random.js';
import { contextOf } from '../../../src/range/policy/context.js';
import { parsePolicy } from '../../../src/range/policy/document.js';
import { policyMatches } from '../../../src/range/policy/evaluate.js';
import { aFinding, aHealthEvent, publicSamples } from '../ingest/samples.js';
import { eventMatches } from './event-pattern.js';
import { resourceIn, stackOf } from './stack.js';
import { decide, HUB } from './template.js';

const stack = stackOf('triggering');
const rules = stack.filter(({ type }) => type === 'AWS::Events::Rule');
const QUEUE = `arn:aws:sqs:us-east-1:${HUB}:tourniquet-alerts`;
const DEAD = `${QUEUE}-dead`;

/** The rules that send an event on. */
const rulesFor = (event: unknown): string[] =>
  rules.filter(({ properties }) => eventMatches(properties['EventPattern'], event)).map(({ id }) => id);
const event = (source: string, detailType: string, detail: object) => ({ source, 'detail-type': detailType, account: HUB, detail });
const call = (eventName: string, more: object = {}) =>
  event('aws.iam', 'AWS API Call via CloudTrail', {
    eventSource: 'iam.amazonaws.com',
    eventName,
    eventType: 'AwsApiCall',
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${HUB}:user/ci-deploy`, userName: 'ci-deploy' },
    ...more,
  });
const byRole = (arn: string) => ({
  userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${HUB}:${arn}` } } },
});
const signIn = (outcome: string, type = 'IAMUser') =>
  event('aws.signin', 'AWS Console Sign In via CloudTrail', {
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    userIdentity: { type },
    responseElements: { ConsoleLogin: outcome },
  });
const asff = (type: string, more: object = {}) =>
  event('aws.securityhub', 'Security Hub Findings - Imported', {
    findings: [{ RecordState: 'ACTIVE', Resources: [{ Type: 'AwsEc2Instance' }, { Type: type }], ...more }],
  });
const alarm = (alarmName: string, value = 'ALARM') =>
  event('aws.cloudwatch', 'CloudWatch Alarm State Change', { alarmName, state: { value } });
const analyzed = (status: string) => event('aws.access-analyzer', 'Access Analyzer Finding', { status });
const config = (resourceType: string, complianceType: string) =>
  event('aws.config', 'Config Rules Compliance Change', { resourceType, newEvaluationResult: { complianceType } });

/** The public samples as EventBridge delivers them; the rest come by other ways: SNS, Lambda, HTTP. */
const SAMPLES: Record<string, string[]> = {
  'guardduty-iam-tor-ip-caller': ['GuardDutyRule'],
  'guardduty-attack-sequence-iam': ['GuardDutyRule'],
  'securityhub-custom-action-guardduty-iamkey': ['SecurityHubRule'],
  'securityhub-asff-iam3-key-rotation': ['SecurityHubRule'],
  // A bucket's compliance is no alert about a principal.
  'securityhub-ocsf-compliance-finding': [],
  'health-risk-credentials-exposed': ['HealthRule'],
  'cloudtrail-api-call-create-bucket': ['RootUseRule'],
  'access-analyzer-finding': ['AccessAnalyzerRule'],
  'config-rule-compliance-change': ['ConfigRule'],
  // Somebody else's alarm.
  'cloudwatch-alarm-eventbridge': [],
};
const BARE: Record<string, (body: unknown) => unknown> = {
  'guardduty-finding': (detail) => ({ source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail }),
  'securityhub-asff': (body) => event('aws.securityhub', 'Security Hub Findings - Imported', { findings: [body] }),
  'securityhub-ocsf': (body) => event('aws.securityhub', 'Findings Imported V2', { findings: [body] }),
};
const OTHER_WAYS = ['cloudwatch-alarm-via-sns', 'cloudwatch-alarm-lambda-action', 'sns-envelope-in-sqs', 'alertmanager-webhook'];

describe('the event patterns', () => {
  it('know what to do with every public sample that comes through EventBridge', () => {
    const names = publicSamples().map(({ name }) => name);

    expect(names.filter((name) => SAMPLES[name] === undefined)).toEqual(OTHER_WAYS);
  });

  it.each(publicSamples().filter(({ name }) => SAMPLES[name] !== undefined))('send $name to where it belongs', ({ name, kind, body }) => {
    const isEvent = typeof body === 'object' && body !== null && 'detail-type' in body;

    expect(rulesFor(isEvent ? body : BARE[kind]?.(body))).toEqual(SAMPLES[name]);
  });

  it('send every type of GuardDuty finding about IAM, and nothing about an instance alone', () => {
    const file = new URL('../../fixtures/alerts/guardduty-iam-finding-types.json', import.meta.url);
    const types = [...new Set(readFileSync(file, 'utf8').match(/[A-Za-z]+:IAMUser\/[A-Za-z.]+/g))];

    expect(types.length).toBeGreaterThanOrEqual(26);
    for (const type of types) expect(rulesFor(aFinding({ detail: { type } }))).toEqual(['GuardDutyRule']);
    const instance = { type: 'Backdoor:EC2/DenialOfService.Dns', resource: { resourceType: 'Instance', instanceDetails: {} } };
    expect(rulesFor(aFinding({ detail: instance }))).toEqual([]);
    const bucket = {
      type: 'Exfiltration:S3/AnomalousBehavior',
      resource: { resourceType: 'S3Bucket', accessKeyDetails: { accessKeyId: 'A' } },
    };
    expect(rulesFor(aFinding({ detail: bucket }))).toEqual(['GuardDutyRule']);
  });

  it.each<[string, unknown, string[]]>([
    ['an exposed key', aHealthEvent(), ['HealthRule']],
    ['an outage', aHealthEvent({ detail: { service: 'EC2', eventTypeCode: 'AWS_EC2_OPERATIONAL_ISSUE' } }), []],
    ['a finding about a user', asff('AwsIamUser'), ['SecurityHubRule']],
    ['a new finding about a role', asff('AwsIamRole', { Workflow: { Status: 'NEW' } }), ['SecurityHubRule']],
    ['a control that passed', asff('AwsIamUser', { Workflow: { Status: 'RESOLVED' } }), []],
    ['an archived finding', asff('AwsIamUser', { RecordState: 'ARCHIVED' }), []],
    ['a finding about a bucket', asff('AwsS3Bucket'), []],
    [
      'an OCSF finding about a key',
      event('aws.securityhub', 'Findings Imported V2', { findings: [{ resources: [{ type: 'AWS::IAM::AccessKey' }] }] }),
      ['SecurityHubOcsfRule'],
    ],
    ['a failed sign-in', signIn('Failure'), ['SignInRule']],
    ['a sign-in', signIn('Success'), []],
    ['a sign-in of root', signIn('Success', 'Root'), ['RootUseRule']],
    ['a new access key', call('CreateAccessKey'), ['HighRiskCallRule']],
    ['a changed password', call('UpdateLoginProfile'), ['HighRiskCallRule']],
    ['a read', call('ListAccessKeys'), []],
    ['a key of another service by the same name', call('CreateAccessKey', { eventSource: 'lightsail.amazonaws.com' }), []],
    ['a stopped trail', call('StopLogging', { eventSource: 'cloudtrail.amazonaws.com' }), ['HighRiskCallRule']],
    ['a policy put by an administrator', call('PutUserPolicy', byRole('role/admin')), ['HighRiskCallRule']],
    ['a policy put by our Responder', call('PutUserPolicy', byRole('role/ir/Responder')), []],
    ['a key made by our Restorer', call('CreateAccessKey', byRole('role/ir/Restorer')), []],
    ['a policy put by a role that only ends alike', call('PutUserPolicy', byRole('role/fake-Responder')), ['HighRiskCallRule']],
    ['a key made by root', call('CreateAccessKey', { userIdentity: { type: 'Root' } }), ['HighRiskCallRule', 'RootUseRule']],
    ["a service in root's name", call('GetKey', { userIdentity: { type: 'Root', invokedBy: 'support.amazonaws.com' } }), []],
    ['outside access that is there', analyzed('ACTIVE'), ['AccessAnalyzerRule']],
    ['outside access that is gone', analyzed('RESOLVED'), []],
    ['a role that became non-compliant', config('AWS::IAM::Role', 'NON_COMPLIANT'), ['ConfigRule']],
    ['a role that became compliant', config('AWS::IAM::Role', 'COMPLIANT'), []],
    ['a non-compliant bucket', config('AWS::S3::Bucket', 'NON_COMPLIANT'), []],
    ['one of our detections', alarm('tourniquet-detection-root-use'), ['DetectionAlarmRule']],
    ['one of our detections that is over', alarm('tourniquet-detection-root-use', 'OK'), []],
    ['the alarm of the queue itself', alarm('tourniquet-alerts-waiting'), []],
  ])('handle %s', (_what, given, expected) => {
    expect(rulesFor(given)).toEqual(expected);
  });

  it('send on what the range finds, each by one rule', () => {
    const random = createRandom(7);
    const subject = { accountId: HUB, accessKeyId: 'AKIAQYLPMN5HEXAMPLE1', userId: 'AIDAQYLPMN5HEXAMPLE1', userName: 'ci-deploy' };
    const sighting = { ...subject, region: 'us-east-1', address: '198.51.100.7', api: 'GetUser', service: 'iam', firstSeenAt: 0 };

    expect(rulesFor(guardDutyFinding(sighting, { random, count: 1, now: 0 }))).toEqual(['GuardDutyRule']);
    expect(rulesFor(healthEvent(sighting, { random, now: 0 }))).toEqual(['HealthRule']);
  });
});

describe('the queue', () => {
  const Statements = z.object({ PolicyDocument: z.unknown() });
  const mayBeSentTo = (id: string, resource: string, keys: Record<string, string>): boolean => {
    const { PolicyDocument } = Statements.parse(resourceIn(stack, id));
    const { statements } = parsePolicy(JSON.stringify(PolicyDocument), 'resource');
    const forEvents = { statements: statements.filter(({ services = [] }) => services.includes('events.amazonaws.com')) };
    return policyMatches(forEvents, 'Allow', { action: 'sqs:SendMessage', resource, context: contextOf(keys) });
  };
  const keysOf = (rule: string, account = HUB) => ({
    'aws:SourceArn': `arn:aws:events:us-east-1:${account}:rule/${rule}`,
    'aws:SourceAccount': account,
  });

  it('is encrypted, keeps alerts for 14 days, and gives dead letters to the other', () => {
    const shared = { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 };

    expect(resourceIn(stack, 'Alerts')).toMatchObject({ ...shared, RedrivePolicy: { deadLetterTargetArn: DEAD, maxReceiveCount: 100 } });
    expect(resourceIn(stack, 'DeadLetters')).toMatchObject(shared);
  });

  it.each(rules)('takes what $id sends, and its failures', ({ id, properties }) => {
    expect(mayBeSentTo('AlertsPolicy', QUEUE, keysOf(id))).toBe(true);
    expect(mayBeSentTo('DeadLettersPolicy', DEAD, keysOf(id))).toBe(true);
    expect(properties['Targets']).toMatchObject([{ Arn: QUEUE, DeadLetterConfig: { Arn: DEAD } }]);
  });

  it('takes nothing from another rule or account', () => {
    expect(mayBeSentTo('AlertsPolicy', QUEUE, keysOf('SomebodysRule'))).toBe(false);
    expect(mayBeSentTo('AlertsPolicy', QUEUE, keysOf('GuardDutyRule', '999988887777'))).toBe(false);
    expect(mayBeSentTo('AlertsPolicy', QUEUE, {})).toBe(false);
  });

  it('raises an alarm for one dead letter and for an alert that waits longer than 5 minutes', () => {
    const dimension = (Value: string) => [{ Name: 'QueueName', Value }];

    expect(resourceIn(stack, 'DeadLetterAlarm')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: dimension('tourniquet-alerts-dead'),
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    expect(resourceIn(stack, 'OldestAlertAlarm')).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: dimension('tourniquet-alerts'),
      Threshold: 300,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  it('is consumed with four permissions on itself and no more', () => {
    const policy = parsePolicy(JSON.stringify(resourceIn(stack, 'ConsumerPolicy')['PolicyDocument']));
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'];

    expect(policy.statements.map(({ actions: allowed, resources }) => ({ allowed, resources }))).toEqual([
      { allowed: actions, resources: [QUEUE] },
    ]);
    expect(actions.map((action) => decide(policy, [action, DEAD]))).toEqual(actions.map(() => 'implicitDeny'));
    expect(decide(policy, ['sqs:SendMessage', QUEUE])).toBe('implicitDeny');
  });
});
