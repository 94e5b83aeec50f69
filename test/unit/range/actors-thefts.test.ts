import { describe, expect, it } from 'vitest';
import { startRange, THEFTS, type Range, type Theft } from '../../../src/range/index.js';
import { attack, survivors } from './actors-fixtures.js';

type Details = { accessKeyId: string; principalId: string; userName: string; userType: string };

/** The key details of the GuardDuty findings that were sent, and how many Health events were. */
function alertsOf(range: Range): { details: Details[]; types: string[]; health: number } {
  const alerts = range.alertsSent().map((alert) => JSON.parse(JSON.stringify(alert)));
  const findings = alerts.filter(({ source }) => source === 'aws.guardduty');
  return {
    details: findings.map(({ detail }) => detail.resource.accessKeyDetails),
    types: findings.map(({ detail }) => detail.type),
    health: alerts.filter(({ source }) => source === 'aws.health').length,
  };
}

const CUSTOM = 'UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom';

const EXPECTED: Record<Theft, { key: RegExp; principalId: RegExp; userName: RegExp; userType: string; type: string; alive: string }> = {
  userKey: {
    key: /^AKIA/,
    principalId: /^AIDA/,
    userName: /^ci-deploy$/,
    userType: 'IAMUser',
    type: CUSTOM,
    alive: 'key user/automation/ci-deploy',
  },
  sessionToken: {
    key: /^ASIA/,
    principalId: /^AIDA\w+$/,
    userName: /^ci-deploy$/,
    userType: 'IAMUser',
    type: CUSTOM,
    alive: 'session user/automation/ci-deploy',
  },
  federatedToken: {
    key: /^ASIA/,
    principalId: /^111122223333:release$/,
    userName: /^ci-deploy$/,
    userType: 'FederatedUser',
    type: CUSTOM,
    alive: 'session federated-user/release',
  },
  roleSession: {
    key: /^ASIA/,
    principalId: /^AROA\w+:maintenance$/,
    userName: /^ops-admin$/,
    userType: 'AssumedRole',
    type: CUSTOM,
    alive: 'session assumed-role/ops-admin/maintenance',
  },
  instanceRole: {
    key: /^ASIA/,
    principalId: /^AROA\w+:i-[0-9a-f]{17}$/,
    userName: /^web-server$/,
    userType: 'AssumedRole',
    type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    alive: 'instance assumed-role/web-server/i-',
  },
  functionRole: {
    key: /^ASIA/,
    principalId: /^AROA\w+:invoices$/,
    userName: /^invoice-maker$/,
    userType: 'AssumedRole',
    type: CUSTOM,
    alive: 'session assumed-role/invoice-maker/invoices',
  },
  permissionSetRole: {
    key: /^ASIA/,
    principalId: /^AROA\w+:riley$/,
    userName: /^AWSReservedSSO_Administrator_[0-9a-f]{16}$/,
    userType: 'AssumedRole',
    type: CUSTOM,
    alive: 'portal assumed-role/AWSReservedSSO_Administrator_',
  },
  memberRoot: { key: /^AKIA/, principalId: /^111122223333$/, userName: /^Root$/, userType: 'Root', type: CUSTOM, alive: 'key root' },
};

describe.each(['opportunist', 'persister', 'juggler'] as const)('the %s', (attacker) => {
  it.each(THEFTS)('comes in by %s, acts with it, and GuardDuty tells of that credential twice', async (theft) => {
    const { range } = await attack({ scenario: 'organization', theft, attacker }, 15);
    const { details, types, health } = alertsOf(range);
    await range.stop();

    const { key, principalId, userName, userType, type, alive } = EXPECTED[theft];
    expect(details).toHaveLength(2);
    expect(details[0]).toEqual({
      accessKeyId: expect.stringMatching(key),
      principalId: expect.stringMatching(principalId),
      userName: expect.stringMatching(userName),
      userType,
    });
    expect(details[1]).toEqual(details[0]);
    expect(types).toEqual([type, type]);
    expect(health).toBe(theft === 'userKey' ? 2 : 0);
    const own = range.ledger().filter(({ actor, accessKeyId }) => actor === attacker && accessKeyId === details[0]?.accessKeyId);
    expect(own.filter(({ allowed, api }) => allowed && api !== 'sts:GetCallerIdentity').length).toBeGreaterThan(0);
    expect(survivors(range).join('\n')).toContain(alive);
  });
});

describe('a theft', () => {
  it('is refused at the start where the scenario has nobody to be robbed in that way', async () => {
    await expect(startRange({ theft: 'instanceRole' })).rejects.toThrow('nobody who can be robbed by instanceRole');
    await expect(startRange({ scenario: 'standalone', theft: 'permissionSetRole' })).rejects.toThrow('permissionSetRole');
  });

  it('leaves him without the key when he has only the session', async () => {
    const { range } = await attack({ theft: 'sessionToken' }, 3);
    await range.stop();

    expect(range.attackerAccess().map(({ credential }) => credential)).not.toContain(range.identities.leaked.accessKeyId);
  });
});
