import { beforeAll, describe, expect, it } from 'vitest';
import type { ObservedCall } from '../../../src/contracts/alert.js';
import type { DetectionRules } from '../../../src/contracts/detection.js';
import { networkOf } from '../../../src/domain/cloudtrail-rules/address.js';
import { loggedCallers } from '../../../src/domain/cloudtrail-rules/logged-callers.js';
import { matchRules } from '../../../src/domain/cloudtrail-rules/match.js';
import { type CallInHistory, signsOf } from '../../../src/domain/cloudtrail-rules/signs.js';
import type { CloudTrailRecord } from '../../../src/domain/cloudtrail/record.js';
import { shippedPolicies } from '../../fixtures/policies.js';

let rules: DetectionRules;
beforeAll(async () => {
  const shipped = await shippedPolicies.detectionRules();
  if (shipped === undefined) throw new Error('detection-rules.yaml is shipped');
  rules = shipped;
});

const AT = '2026-03-01T12:00:00.000Z';

function aCall(change: Partial<ObservedCall> = {}): ObservedCall {
  return { eventName: 'CreateUser', service: 'iam', caller: 'IAMUser', refused: false, at: AT, ...change };
}

describe('shipped rules', () => {
  it.each<[string, Partial<ObservedCall>, string | undefined]>([
    ['trail stopped', { service: 'cloudtrail', eventName: 'StopLogging' }, 'trail-off'],
    ['trail deleted', { service: 'cloudtrail', eventName: 'DeleteTrail' }, 'trail-off'],
    ['detector deleted', { service: 'guardduty', eventName: 'DeleteDetector' }, 'detector-off'],
    ['root makes a bucket', { caller: 'Root', service: 's3', eventName: 'CreateBucket' }, 'root-use'],
    ['root is refused', { caller: 'Root', service: 's3', eventName: 'CreateBucket', refused: true }, undefined],
    ['root reads the bill', { caller: 'Root', service: 'ce', eventName: 'GetCostAndUsage' }, undefined],
    ['root signs in', { caller: 'Root', service: 'signin', eventName: 'ConsoleLogin' }, 'root-sign-in'],
    ['root fails to sign in', { caller: 'Root', service: 'signin', eventName: 'ConsoleLogin', refused: true }, 'root-sign-in'],
    ['a user signs in', { service: 'signin', eventName: 'ConsoleLogin' }, 'sign-in'],
    ['a user fails to sign in', { service: 'signin', eventName: 'ConsoleLogin', refused: true }, 'sign-in-refused'],
    ['a new key', { eventName: 'CreateAccessKey' }, 'new-credentials'],
    ['a new policy version', { eventName: 'CreatePolicyVersion' }, 'policy-change'],
    ['instances', { service: 'ec2', eventName: 'RunInstances' }, 'compute-and-secrets'],
    ['a function with its version in the name', { service: 'lambda', eventName: 'CreateFunction20150331' }, 'compute-and-secrets'],
    ['another service with the same name', { service: 'datazone', eventName: 'CreateUser' }, undefined],
    ['a read', { service: 'iam', eventName: 'ListUsers' }, undefined],
    [
      'break-glass, whatever its case and path',
      { service: 'sts', eventName: 'AssumeRole', assumes: 'arn:aws:iam::111122223333:role/ops/BreakGlass-Admin' },
      'break-glass',
    ],
    [
      'break-glass by SAML',
      { service: 'sts', eventName: 'AssumeRoleWithSAML', assumes: 'arn:aws:iam::111122223333:role/break-glass' },
      'break-glass',
    ],
    ['another role', { service: 'sts', eventName: 'AssumeRole', assumes: 'arn:aws:iam::111122223333:role/deploy' }, undefined],
    ['a role of no name', { service: 'sts', eventName: 'AssumeRole' }, undefined],
  ])('%s', (_, call, id) => {
    expect(matchRules(aCall(call), rules)[0]?.id).toBe(id);
  });

  it('put a rule that opens by itself before one with a higher score', () => {
    const own = (id: string, act: 'open' | 'ifUnusual', score: number) => ({
      id,
      why: 'why',
      events: ['iam:*'],
      result: 'any' as const,
      act,
      score,
    });

    expect(
      matchRules(aCall(), { rules: [own('a', 'ifUnusual', 9), own('b', 'open', 3), own('c', 'open', 5)] }).map(({ id }) => id),
    ).toEqual(['c', 'b', 'a']);
  });
});

describe('networks', () => {
  it.each([
    ['198.51.100.7', '198.51.100.0/24'],
    ['::ffff:198.51.100.7', '198.51.100.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:0DB8:0001::6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['cloudformation.amazonaws.com', undefined],
    ['AWS Internal', undefined],
    ['', undefined],
    ['1:2:3', undefined],
  ])('%s is in %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

const HOUR_MS = 3_600_000;

function aRecord(hoursBefore: number, change: Partial<CloudTrailRecord> = {}): CloudTrailRecord {
  return {
    eventID: `e-${hoursBefore}-${JSON.stringify(change)}`,
    eventTime: new Date(Date.parse(AT) - hoursBefore * HOUR_MS).toISOString(),
    eventName: 'GetUser',
    eventSource: 'iam.amazonaws.com',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.9',
    userAgent: 'cli',
    userIdentity: {},
    ...change,
  };
}

function seen(records: CloudTrailRecord[], change: Partial<CallInHistory> = {}): string[] {
  return signsOf(
    { atMs: Date.parse(AT), region: 'eu-central-1', remoteIp: '203.0.113.200', complete: true, earlierHours: 48, records, ...change },
    rules.unusual,
  );
}

describe('signs of an unusual call', () => {
  const FAILED = { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } };

  it('are none for a call from the network of before', () => {
    expect(seen([aRecord(30)])).toEqual([]);
  });

  it('are a network that was not seen before the last 24 h', () => {
    expect(seen([aRecord(30)], { remoteIp: '198.51.100.7' })).toEqual([expect.stringContaining('198.51.100.0/24 is new')]);
  });

  it('do not let the intruder make his own network known within the last 24 h', () => {
    expect(seen([aRecord(30), aRecord(2, { sourceIPAddress: '198.51.100.7' })], { remoteIp: '198.51.100.7' })).toHaveLength(1);
  });

  it('do not take refused calls and failed sign-ins for a known network', () => {
    const refused = [aRecord(30), aRecord(40, { sourceIPAddress: '198.51.100.7', errorCode: 'AccessDenied' })];
    const failed = [aRecord(30), aRecord(40, { sourceIPAddress: '198.51.100.7', ...FAILED })];

    expect(seen(refused, { remoteIp: '198.51.100.7' })).toHaveLength(1);
    expect(seen(failed, { remoteIp: '198.51.100.7' })).toHaveLength(1);
  });

  it('are a principal without a past, but not one whose past was not read', () => {
    expect(seen([])).toEqual([expect.stringContaining('no call before')]);
    expect(seen([], { complete: false })).toEqual([]);
  });

  it('are five failed sign-ins in 24 h, not four and not older ones', () => {
    const failed = (count: number, hours: number) => Array.from({ length: count }, (_, n) => aRecord(hours + n / 10, FAILED));

    expect(seen([aRecord(30), ...failed(5, 1)])).toEqual(['5 failed sign-ins in the last 24 h']);
    expect(seen([aRecord(30), ...failed(4, 1), ...failed(9, 26)])).toEqual([]);
  });

  it('are 50 calls in an hour of a principal that makes few, not of one that always makes as many', () => {
    const burst = Array.from({ length: 50 }, (_, n) => aRecord(n / 100, { eventID: `b${n}` }));
    const busy = Array.from({ length: 71 * 20 }, (_, n) => aRecord(1 + n / 20, { eventID: `u${n}` }));

    expect(seen([aRecord(30), ...burst])).toEqual([expect.stringMatching(/^50 calls in the last hour/)]);
    expect(seen([...busy, ...burst])).toEqual([]);
  });

  it('leave out what came after the call', () => {
    const later = Array.from({ length: 60 }, (_, n) => aRecord(-1 - n / 100, { eventID: `l${n}` }));

    expect(seen([aRecord(30), ...later])).toEqual([]);
  });

  it('are a region that is none of the business, but us-east-1, where global services write', () => {
    const unusual = { ...rules.unusual, businessRegions: ['eu-central-1'] };
    const at = (region: string): string[] =>
      signsOf(
        { atMs: Date.parse(AT), region, remoteIp: '203.0.113.200', complete: true, earlierHours: 48, records: [aRecord(30)] },
        unusual,
      );

    expect([at('eu-central-1'), at('us-east-1')]).toEqual([[], []]);
    expect(at('sa-east-1')).toEqual(['region sa-east-1 is none of the business']);
  });
});

describe('callers in log lines', () => {
  const line = (userIdentity: object, change: object = {}): string => JSON.stringify({ ...aRecord(1), userIdentity, ...change });
  const user = { type: 'IAMUser', principalId: 'AIDAQYLPMN5HEXAMPLE1', accountId: '111122223333', userName: 'kim' };

  it('are told once each, most calls first, with the address of the last call', () => {
    const lines = [
      line(user, { eventTime: '2026-03-01T10:00:00Z' }),
      line({ type: 'Root', accountId: '111122223333', principalId: '111122223333' }),
      line(user, { eventTime: '2026-03-01T11:00:00Z', sourceIPAddress: '198.51.100.7' }),
      line({ type: 'AWSService', invokedBy: 'x.amazonaws.com' }),
      'not a record',
    ];

    expect(loggedCallers(lines)).toMatchObject([
      { kind: 'user', count: 2, remoteIp: '198.51.100.7', firstAt: '2026-03-01T10:00:00.000Z', allRefused: false },
      { kind: 'root', key: 'root/111122223333', count: 1 },
    ]);
  });

  it('are refused when every call was, and keep nothing that AWS could not have issued', () => {
    const bad = { ...user, userName: '../../etc' };
    const [caller] = loggedCallers([
      line(bad, { errorCode: 'AccessDenied' }),
      line(bad, { eventName: 'ConsoleLogin', errorMessage: 'Failed authentication' }),
    ]);

    expect(caller).toMatchObject({ allRefused: true, checked: { hints: { principalId: user.principalId } } });
    expect(caller?.checked.problems).toHaveLength(1);
  });
});
