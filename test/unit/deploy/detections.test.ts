import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventMatches } from './event-pattern.js';
import { readMetricFilter } from './filter-pattern.js';
import { resourceIn, stackOf } from './stack.js';

const stack = stackOf('detections');
const ofType = (type: string) => stack.filter((resource) => resource.type === type).map(({ properties }) => properties);
const Filter = z.object({
  FilterName: z.string(),
  LogGroupName: z.string(),
  FilterPattern: z.string(),
  MetricTransformations: z.tuple([z.object({ MetricNamespace: z.string(), MetricName: z.string(), MetricValue: z.literal('1') })]),
});
const filters = ofType('AWS::Logs::MetricFilter').map((properties) => Filter.parse(properties));
const alarms = ofType('AWS::CloudWatch::Alarm');

/** Longest pattern that CloudWatch Logs takes (API reference, PutMetricFilter). */
const LONGEST_PATTERN = 1024;

/** The filters that count a CloudTrail record. */
const countedBy = (record: unknown): string[] =>
  filters.filter(({ FilterPattern }) => readMetricFilter(FilterPattern)(record)).map(({ FilterName }) => FilterName);
const iam = (eventName: string, more: object = {}) => ({
  eventSource: 'iam.amazonaws.com',
  eventName,
  eventType: 'AwsApiCall',
  userIdentity: { type: 'IAMUser' },
  ...more,
});
const assume = (eventName: string, roleArn: string) => iam(eventName, { eventSource: 'sts.amazonaws.com', requestParameters: { roleArn } });
const signIn = (outcome: string, type = 'IAMUser') => ({
  eventSource: 'signin.amazonaws.com',
  eventName: 'ConsoleLogin',
  eventType: 'AwsConsoleSignIn',
  userIdentity: { type },
  responseElements: { ConsoleLogin: outcome },
});

const POLICY_CHANGES = [
  ...['User', 'Group', 'Role'].flatMap((kind) => [`Put${kind}Policy`, `Delete${kind}Policy`, `Attach${kind}Policy`, `Detach${kind}Policy`]),
  ...['User', 'Role'].flatMap((kind) => [`Put${kind}PermissionsBoundary`, `Delete${kind}PermissionsBoundary`]),
  'CreatePolicy',
  'DeletePolicy',
  'CreatePolicyVersion',
  'DeletePolicyVersion',
  'SetDefaultPolicyVersion',
  'UpdateAssumeRolePolicy',
];

describe('the metric filters', () => {
  it('are short enough, over the one log group', () => {
    expect(filters.map(({ FilterPattern }) => FilterPattern.length).filter((length) => length > LONGEST_PATTERN)).toEqual([]);
    expect(new Set(filters.map(({ LogGroupName }) => LogGroupName))).toEqual(new Set(['CloudTrail/DefaultLogGroup']));
  });

  it.each(POLICY_CHANGES)('count %s as a change of IAM policies', (eventName) => {
    expect(countedBy(iam(eventName))).toEqual(['IamPolicyChange']);
  });

  it.each(['GetPolicy', 'GetUserPolicy', 'ListPolicies', 'SimulatePrincipalPolicy', 'CreateUser', 'DeleteUser'])(
    'do not count %s',
    (eventName) => {
      expect(countedBy(iam(eventName))).toEqual([]);
    },
  );

  it.each<[string, unknown, string[]]>([
    ['a call of root', iam('ListUsers', { userIdentity: { type: 'Root' } }), ['RootAccountUsage']],
    ['a sign-in of root', signIn('Success', 'Root'), ['RootAccountUsage']],
    ["a service in root's name", iam('ListUsers', { userIdentity: { type: 'Root', invokedBy: 'support.amazonaws.com' } }), []],
    ['an event of a service', iam('Rotate', { userIdentity: { type: 'Root' }, eventType: 'AwsServiceEvent' }), []],
    ['a failed sign-in', signIn('Failure'), ['FailedConsoleSignIn']],
    ['a sign-in', signIn('Success'), []],
    ['the break-glass role', assume('AssumeRole', 'arn:aws:iam::111122223333:role/prod-breakglass-admin'), ['BreakGlassAssumed']],
    ['it by SAML', assume('AssumeRoleWithSAML', 'arn:aws:iam::111122223333:role/prod-breakglass-admin'), ['BreakGlassAssumed']],
    ['another role', assume('AssumeRole', 'arn:aws:iam::111122223333:role/deploy-target'), []],
    ['a policy put by another service', iam('PutBucketPolicy', { eventSource: 's3.amazonaws.com' }), []],
  ])('count %s as what it is', (_what, record, expected) => {
    expect(countedBy(record)).toEqual(expected);
  });
});

describe('the alarms', () => {
  const rule = resourceIn(stackOf('triggering'), 'DetectionAlarmRule')['EventPattern'];

  it('watch the metric of one filter each, and all are watched', () => {
    const emitted = filters.map(({ MetricTransformations: [{ MetricNamespace, MetricName }] }) => `${MetricNamespace}/${MetricName}`);

    expect(alarms.map(({ Namespace, MetricName }) => `${String(Namespace)}/${String(MetricName)}`)).toEqual(emitted);
  });

  it('come into the alert queue by their names', () => {
    for (const { AlarmName: alarmName } of alarms) {
      const event = {
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm State Change',
        detail: { alarmName, state: { value: 'ALARM' } },
      };
      expect(eventMatches(rule, event)).toBe(true);
    }
    expect(alarms).toHaveLength(4);
  });

  it('ring at the first sign, but for sign-ins at 5 failures within 5 minutes', () => {
    const facts = alarms.map(({ MetricName, Threshold, Period, Statistic }) => [MetricName, Number(Threshold), Period, Statistic]);

    expect(facts).toEqual([
      ['RootAccountUsageCount', 1, 300, 'Sum'],
      ['IamPolicyChangeCount', 1, 300, 'Sum'],
      ['FailedConsoleSignInCount', 5, 300, 'Sum'],
      ['BreakGlassAssumedCount', 1, 60, 'Sum'],
    ]);
  });
});

describe('the rest', () => {
  /** AWS Config developer guide, "List of AWS Config managed rules": a rule's name is its identifier but for these. */
  const OTHER_NAMES: Record<string, string> = { MULTI_REGION_CLOUD_TRAIL_ENABLED: 'multi-region-cloudtrail-enabled' };

  it('names Config rules as AWS does', () => {
    const rules = ofType('AWS::Config::ConfigRule').map((properties) =>
      z
        .object({ ConfigRuleName: z.string(), Source: z.object({ Owner: z.literal('AWS'), SourceIdentifier: z.string() }) })
        .parse(properties),
    );
    const named = rules.map(({ Source: { SourceIdentifier: id } }) => OTHER_NAMES[id] ?? id.toLowerCase().replaceAll('_', '-'));

    expect(rules.map(({ ConfigRuleName }) => ConfigRuleName)).toEqual(named);
    expect(named).toEqual(expect.arrayContaining(['access-keys-rotated', 'iam-user-mfa-enabled', 'iam-policy-blacklisted-check']));
  });

  it('groups findings about IAM in three insights of Security Hub', () => {
    const insights = ofType('AWS::SecurityHub::Insight').map(({ GroupByAttribute }) => GroupByAttribute);

    expect(insights).toEqual(['Type', 'ResourceId', 'AwsAccountId']);
  });
});
