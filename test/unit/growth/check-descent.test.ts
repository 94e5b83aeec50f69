import { describe, expect, it } from 'vitest';
import type { DescentEdge } from '../../../src/contracts/authority.js';
import { chainProblem, type EdgeCheck, edgeProblem, isCallerOf, isInstanceProfile } from '../../../src/domain/growth/check-descent.js';
import { anAlert } from '../../fixtures/builders.js';
import {
  ACCOUNT,
  assumes,
  aTrailRecord,
  BY_USER,
  bySession,
  HOLDER_IP,
  launches,
  makesUser,
  NOBODY,
  onFunction,
  ROLE,
  THIEF_IP,
  USER,
} from './trail-records.js';

const MADE = `arn:aws:iam::${ACCOUNT}:user/made/backdoor`;
const PROFILE = `arn:aws:iam::${ACCOUNT}:instance-profile/app-profile`;
const EVENT_MS = Date.parse('2026-11-22T10:05:00Z');
const RECORD = makesUser('backdoor');

function anEdge(change: Partial<DescentEdge> = {}): DescentEdge {
  return { parentArn: USER, childArn: MADE, how: 'created', eventId: RECORD.eventID, region: 'us-east-1', ...change };
}

/** The user made `backdoor` a minute after the first suspicious moment, unless told otherwise. */
function problemOf({ edge, ...change }: Partial<Omit<EdgeCheck, 'edge'>> & { edge?: Partial<DescentEdge> } = {}): string | undefined {
  return edgeProblem({ edge: anEdge(edge), record: RECORD, holderAddresses: NOBODY, suspiciousSinceMs: EVENT_MS - 60_000, ...change });
}

describe('one step of a descent', () => {
  it.each<[string, NonNullable<Parameters<typeof problemOf>[0]>]>([
    ['the user it made', {}],
    ['the same ARNs without their paths', { edge: { parentArn: USER.replace('automation/', ''), childArn: MADE.replace('made/', '') } }],
    ['the role it took a session of', { edge: { childArn: ROLE, how: 'became' }, record: assumes(ROLE, 'sync') }],
    ['the function it made', { edge: { childArn: ROLE, how: 'became' }, record: onFunction('CreateFunction20150331', ROLE) }],
    ['a call of a session of the role', { edge: { parentArn: ROLE }, record: makesUser('backdoor', { userIdentity: bySession('sync') }) }],
    [
      'the role in the profile it ran an instance with',
      { edge: { childArn: ROLE, how: 'became' }, record: launches(['i-0aaa'], 'app-profile'), profileRoleArn: ROLE },
    ],
  ])('shows %s', (_, change) => {
    expect(problemOf(change)).toBeUndefined();
  });

  it('shows nothing when CloudTrail has no such event', () => {
    expect(problemOf({ record: undefined, edge: { eventId: 'forged' } })).toBe('CloudTrail shows no event forged');
  });

  it.each(['changed', 'cameFrom'] as const)('is a person’s question when it is `%s`, whatever the event shows', (how) => {
    const opened = aTrailRecord('iam', 'CreateAccessKey', { requestParameters: { userName: 'payroll' } });
    const childArn = `arn:aws:iam::${ACCOUNT}:user/payroll`;

    expect(problemOf({ record: opened, edge: { how, childArn } })).toBe(`${childArn} belongs to somebody: a person decides`);
  });

  it.each<[string, NonNullable<Parameters<typeof problemOf>[0]>]>([
    ['another principal', { edge: { childArn: `arn:aws:iam::${ACCOUNT}:user/payroll` } }],
    ['the same name in another account', { edge: { childArn: 'arn:aws:iam::333344445555:user/made/backdoor' } }],
    ['a step of another kind', { edge: { how: 'became' } }],
    ['a refused call', { record: makesUser('backdoor', { errorCode: 'AccessDenied', responseElements: null }) }],
    ['what only changed a function', { edge: { childArn: ROLE, how: 'became' }, record: onFunction('UpdateFunctionCode20150331v2', ROLE) }],
    ['what only opened a user', { record: aTrailRecord('iam', 'CreateAccessKey', { requestParameters: { userName: 'backdoor' } }) }],
    ['a profile nobody looked into', { edge: { childArn: ROLE, how: 'became' }, record: launches(['i-0aaa'], 'app-profile') }],
    [
      'a profile that holds another role',
      {
        edge: { childArn: ROLE, how: 'became' },
        record: launches(['i-0aaa'], 'app-profile'),
        profileRoleArn: `arn:aws:iam::${ACCOUNT}:role/app`,
      },
    ],
  ])('does not lead to %s', (_, change) => {
    expect(problemOf(change)).toMatch(/^event .* does not lead to arn:aws:iam::/);
  });

  it.each<[string, NonNullable<Parameters<typeof problemOf>[0]>]>([
    ['somebody else', { edge: { parentArn: `arn:aws:iam::${ACCOUNT}:user/payroll` } }],
    ['a role of the user’s name', { edge: { parentArn: USER.replace(':user/', ':role/') } }],
    ['the same name in another account', { edge: { parentArn: USER.replace(ACCOUNT, '333344445555') } }],
  ])('is no call of %s', (_, change) => {
    expect(problemOf(change)).toBe(`event ${RECORD.eventID} is not a call of ${change.edge?.parentArn}`);
  });

  it('is refused from an address that the rightful holder uses', () => {
    const record = makesUser('backdoor', { sourceIPAddress: HOLDER_IP });

    expect(problemOf({ record, holderAddresses: new Set([HOLDER_IP]) })).toContain('came from an address the rightful holder uses');
    expect(problemOf({ record, holderAddresses: new Set([THIEF_IP]) })).toBeUndefined();
  });

  it('is refused when it is more than 1 h older than the first suspicious moment', () => {
    expect(problemOf({ suspiciousSinceMs: EVENT_MS + 3_600_000 })).toBeUndefined();
    expect(problemOf({ suspiciousSinceMs: EVENT_MS + 3_600_001 })).toContain('older than the first suspicious moment');
  });

  it('knows an instance profile by its ARN', () => {
    expect([PROFILE, PROFILE.replace('arn:aws:', 'arn:aws-us-gov:'), ROLE].map(isInstanceProfile)).toEqual([true, true, false]);
  });
});

describe('the steps of a descent', () => {
  const first = anEdge();
  const second = anEdge({ parentArn: MADE, childArn: ROLE, how: 'became' });

  it('are a chain when each begins where the one before ended, with or without paths', () => {
    expect(chainProblem([first], MADE)).toBeUndefined();
    expect(chainProblem([first, second], ROLE)).toBeUndefined();
    expect(chainProblem([first, { ...second, parentArn: MADE.replace('made/', '') }], ROLE.replace('deploy/', ''))).toBeUndefined();
  });

  it('lead to the principal that is written about, and nothing leads nowhere', () => {
    expect(chainProblem([first], ROLE)).toBe('the descent leads to another principal');
    expect(chainProblem([first, second], MADE)).toBe('the descent leads to another principal');
    expect(chainProblem([], MADE)).toBe('the descent leads to another principal');
  });

  it('are no chain with a gap', () => {
    expect(chainProblem([first, { ...second, parentArn: USER }], ROLE)).toBe('the descent is no chain');
    expect(chainProblem([second, first], MADE)).toBe('the descent is no chain');
  });
});

describe('the caller of the first event', () => {
  const KEY = BY_USER.accessKeyId;
  const by = (userIdentity: object) => makesUser('backdoor', { userIdentity });
  const federated = { ...bySession('x', USER), type: 'FederatedUser', principalId: `${ACCOUNT}:x`, accessKeyId: 'ASIAFEDERATED0000001' };
  const minted = { ...BY_USER, accessKeyId: 'ASIAMINTED0000000001' };
  const root = {
    type: 'Root',
    principalId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:root`,
    accountId: ACCOUNT,
    accessKeyId: 'ASIAROOT000000000001',
  };
  const elsewhere = '333344445555';

  it('is whom the alert names by key or by unique id', () => {
    const session = anAlert({ principalKind: 'session', hints: { principalId: String(bySession('sync')['principalId']) } });

    expect(isCallerOf(anAlert({ hints: { accessKeyId: KEY } }), by(BY_USER), undefined)).toBe(true);
    expect(isCallerOf(anAlert({ hints: { principalId: BY_USER.principalId } }), by(minted), undefined)).toBe(true);
    expect(isCallerOf(session, by(bySession('sync')), undefined)).toBe(true);
    expect(isCallerOf(session, by(bySession('nightly')), undefined)).toBe(false);
  });

  it('is the root user only of the alert’s account', () => {
    const alert = anAlert({ principalKind: 'root', hints: {} });

    expect(isCallerOf(alert, by(root), undefined)).toBe(true);
    expect(isCallerOf(alert, by({ ...root, accountId: elsewhere }), undefined)).toBe(false);
    expect(isCallerOf(alert, by(BY_USER), undefined)).toBe(false);
  });

  it('is, for a long-term key, whom AWS says owns it, not whom the alert says', () => {
    const alert = anAlert({ hints: { accessKeyId: 'AKIAANOTHERKEY000001', userName: 'payroll' } });

    expect(isCallerOf(alert, by(BY_USER), 'ci-deploy')).toBe(true);
    expect(isCallerOf(alert, by(minted), 'ci-deploy')).toBe(true);
    expect(isCallerOf(alert, by(federated), 'ci-deploy')).toBe(true);
    expect(isCallerOf(alert, by(BY_USER), 'payroll')).toBe(false);
    expect(isCallerOf(alert, by(BY_USER), undefined)).toBe(false);
  });

  it('is, without a long-term key, the user of the alert’s name in the alert’s account', () => {
    const alert = anAlert({ hints: { userName: 'ci-deploy' } });

    expect(isCallerOf(alert, by(BY_USER), undefined)).toBe(true);
    expect(isCallerOf(alert, by({ ...BY_USER, userName: 'payroll' }), undefined)).toBe(false);
    expect(isCallerOf(anAlert({ hints: {} }), by({ ...BY_USER, userName: undefined }), undefined)).toBe(false);
  });

  it('is no user of the same name in another account', () => {
    const foreign = { ...BY_USER, accountId: elsewhere, accessKeyId: 'AKIAFOREIGNKEY000001', principalId: 'AIDAFOREIGN000000001' };

    expect(isCallerOf(anAlert({ hints: { userName: 'ci-deploy' } }), by(foreign), undefined)).toBe(false);
    expect(isCallerOf(anAlert({ hints: { accessKeyId: KEY } }), by(foreign), 'ci-deploy')).toBe(false);
  });

  it('is no role of the user’s name', () => {
    const role = bySession('s', `arn:aws:iam::${ACCOUNT}:role/ci-deploy`);

    expect(isCallerOf(anAlert({ hints: { userName: 'ci-deploy' } }), by({ ...role, userName: 'ci-deploy' }), 'ci-deploy')).toBe(false);
  });
});
