import { describe, expect, it } from 'vitest';
import type { AccountEntity, AccountState } from '../../../src/domain/growth/account-state.js';
import { growthOf } from '../../../src/domain/growth/growth-of.js';

const ACCOUNT = '111122223333';
const arnOf = (path: string): string => `arn:aws:iam::${ACCOUNT}:${path}`;
const OWN = arnOf('user/ci-deploy');
const SINCE_MS = Date.parse('2026-11-22T10:00:00Z');
const LONG_AGO_MS = SINCE_MS - 86_400_000;
const seenAt = '2026-11-22T10:10:00.000Z';

type Policy = AccountState['policies'][number];

function anEntity(path: string, change: Partial<AccountEntity> = {}): AccountEntity {
  return {
    arn: arnOf(path),
    id: `AIDA${path}`,
    createdMs: LONG_AGO_MS,
    policies: 'p1',
    trust: path.startsWith('role/') ? 't1' : '',
    ...change,
  };
}

function aPolicy(name: string, change: Partial<Policy> = {}): Policy {
  return { arn: arnOf(`policy/${name}`), createdMs: LONG_AGO_MS, defaultVersion: 'v1', ...change };
}

function aState(change: Partial<AccountState> = {}): AccountState {
  return { readAt: seenAt, users: [], roles: [], policies: [], complete: true, ...change };
}

const grown = (before: AccountState | undefined, now: AccountState): string[] =>
  growthOf(before, now, { suspiciousSinceMs: SINCE_MS, own: OWN, seenAt }).map(({ arn, how }) => `${arn.split(':').at(-1)}: ${how}`);

describe('the growth of an account', () => {
  it('is every user, role and policy made at the first suspicious moment or later, also where no earlier state is known', () => {
    const now = aState({
      users: [anEntity('user/backdoor', { createdMs: SINCE_MS }), anEntity('user/old', { createdMs: SINCE_MS - 1 })],
      roles: [anEntity('role/door', { createdMs: SINCE_MS + 1 })],
      policies: [aPolicy('wide', { createdMs: SINCE_MS })],
    });

    const expected = ['user/backdoor', 'role/door', 'policy/wide'].map((path) => `${path}: made since the first suspicious moment`);
    expect(grown(undefined, now)).toEqual(expected);
    // It was there when the plan was read, but after the intruder came.
    expect(grown(now, now)).toEqual(expected);
  });

  it('is dated by when it was seen', () => {
    const now = aState({ users: [anEntity('user/backdoor', { createdMs: SINCE_MS })] });

    expect(growthOf(undefined, now, { suspiciousSinceMs: SINCE_MS, own: OWN, seenAt })).toEqual([
      { arn: arnOf('user/backdoor'), how: 'made since the first suspicious moment', seenAt },
    ]);
  });

  it.each([
    ['trust policy changed since the plan', { trust: 't2' }],
    ['policies changed since the plan', { policies: 'p2' }],
    ['trust policy changed since the plan, policies changed since the plan', { trust: 't2', policies: 'p2' }],
  ])('is a role whose %s', (how, change) => {
    const before = aState({ roles: [anEntity('role/app'), anEntity('role/calm')] });

    expect(grown(before, aState({ roles: [anEntity('role/app', change), anEntity('role/calm')] }))).toEqual([`role/app: ${how}`]);
  });

  it('is a user whose policies changed', () => {
    const before = aState({ users: [anEntity('user/payroll')] });

    expect(grown(before, aState({ users: [anEntity('user/payroll', { policies: 'p2' })] }))).toEqual([
      'user/payroll: policies changed since the plan',
    ]);
  });

  it('is a managed policy of which another version came into force', () => {
    const before = aState({ policies: [aPolicy('shared'), aPolicy('calm')] });

    expect(grown(before, aState({ policies: [aPolicy('shared', { defaultVersion: 'v2' }), aPolicy('calm')] }))).toEqual([
      'policy/shared: version in force changed since the plan',
    ]);
  });

  it('is nothing where nothing is new, and nothing for what is gone', () => {
    const before = aState({ users: [anEntity('user/payroll')], roles: [anEntity('role/app')], policies: [aPolicy('shared')] });

    expect(grown(before, before)).toEqual([]);
    expect(grown(before, aState())).toEqual([]);
  });

  it('is not told of old things that were not read before, or that had another id then', () => {
    const now = aState({ users: [anEntity('user/payroll', { policies: 'p2' })], policies: [aPolicy('shared', { defaultVersion: 'v2' })] });

    expect(grown(undefined, now)).toEqual([]);
    expect(grown(aState({ users: [anEntity('user/payroll', { id: 'AIDAFORMER' })] }), now)).toEqual([]);
  });

  it('is never the contained principal, incident response itself, or what only AWS changes', () => {
    const paths = ['ci-deploy', 'ir/tourniquet'].map((name) => `user/${name}`);
    const roles = [
      'ir/Responder',
      'aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty',
      'aws-reserved/sso/AWSReservedSSO_x',
    ];
    const made = { createdMs: SINCE_MS + 1 };
    const now = aState({
      users: [...paths.map((path) => anEntity(path, made)), anEntity('user/irene', made)],
      roles: [...roles.map((name) => anEntity(`role/${name}`, made)), anEntity('role/x/ir/door', made)],
      policies: [aPolicy('ir/Quarantine', made)],
    });

    expect(grown(undefined, now).map((line) => line.split(':')[0])).toEqual(['user/irene', 'role/x/ir/door']);
  });
});
