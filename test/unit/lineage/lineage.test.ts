import { describe, expect, it } from 'vitest';
import { ACCOUNT, aRecord, ask, assumes, at, bySession, byUser, HOLDER_IP, idsOf, KEY, type Raw, THIEF_IP, USER } from './log-builders.js';

const SUSPECT = { suspectIps: new Set([THIEF_IP]) };
const fromHolder = { sourceIPAddress: HOLDER_IP, userAgent: 'aws-cli/2.15 holder' };

describe('holder and thief on one key', () => {
  it("gives use from the suspected address to the thief and other use to the holder, with each one's sessions", () => {
    const mine = [
      assumes('ASIATHIEF', 'admin'),
      aRecord('ListUsers', {
        eventTime: at(5),
        userIdentity: bySession('ASIATHIEF', { role: 'admin', name: 's', createdAt: 0 }),
        ...fromHolder,
      }),
    ];
    const theirs = [
      assumes('ASIAHOLDER', 'app', { ...fromHolder, eventTime: at(1) }),
      aRecord('GetRole', {
        eventTime: at(6),
        userIdentity: bySession('ASIAHOLDER', { role: 'app', name: 's', createdAt: 1 }),
        ...fromHolder,
      }),
    ];

    const found = ask([...theirs, ...mine], SUSPECT);

    expect(found.events).toEqual(idsOf(mine));
    expect(found.holderEvents).toEqual(idsOf(theirs));
    expect(found.credentials.map((one) => one.id)).toEqual([KEY, 'ASIATHIEF']);
  });

  it('without suspected addresses knows a caller that was there long before, from its own address with its own agent', () => {
    const routine = [-9000, -6000, -3000, 60].map((second) => aRecord('ListRoles', { ...fromHolder, eventTime: at(second) }));
    const theft = [
      aRecord('CreateAccessKey', {
        requestParameters: { userName: 'ci-deployer' },
        responseElements: { accessKey: { accessKeyId: 'AKIANEW', userName: 'ci-deployer' } },
      }),
    ];

    const found = ask([...routine, ...theft]);

    expect(found.events).toEqual(idsOf(theft));
    expect(found.holderEvents).toEqual(idsOf(routine));
  });

  it('is in doubt when the callers share an agent, and gives all to the thief', () => {
    const records = [-9000, -6000, -3000].map((second) => aRecord('ListRoles', { sourceIPAddress: HOLDER_IP, eventTime: at(second) }));

    const found = ask([...records, aRecord('CreateUser')]);

    expect(found.events).toHaveLength(4);
    expect(found.holderEvents).toEqual([]);
  });
});

describe('edges', () => {
  it('makes none from a denied AssumeRole', () => {
    const found = ask([assumes('ASIANEVER', 'admin', { errorCode: 'AccessDenied' })]);

    expect(found.credentials.map((one) => one.id)).toEqual([KEY]);
  });

  it('ends when roles are juggled, and keeps every event', () => {
    const hops: Raw[] = [assumes('ASIA000', 'a')];
    for (let hop = 0; hop < 30; hop += 1) {
      const [from, to] = hop % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
      const userIdentity = bySession(`ASIA${String(hop).padStart(3, '0')}`, { role: from ?? '', name: 's', createdAt: hop * 60 });
      hops.push(assumes(`ASIA${String(hop + 1).padStart(3, '0')}`, to ?? '', { eventTime: at((hop + 1) * 60), userIdentity }));
    }

    const found = ask(hops);

    expect(found.events).toEqual(idsOf(hops));
    expect(found.completeness.incomplete).toBe(false);
  });

  it('says incomplete when seven roles follow each other, and when the budget of credentials is spent', () => {
    const chain = Array.from({ length: 9 }, (_, hop) =>
      assumes(`ASIA${hop + 1}`, `role${hop + 1}`, {
        eventTime: at(hop),
        userIdentity: hop === 0 ? byUser() : bySession(`ASIA${hop}`, { role: `role${hop}`, name: 's', createdAt: hop - 1 }),
      }),
    );

    const deep = ask(chain);
    const wide = ask(chain.slice(0, 3), { budget: { maxDepth: 6, maxNodes: 2 } });

    expect(deep.completeness).toMatchObject({ incomplete: true, reasons: [expect.stringContaining('more than 6')] });
    expect(wide.completeness).toMatchObject({ incomplete: true, reasons: [expect.stringContaining('more than 2')] });
  });

  it('does not take a user of the same name, made later by somebody else, for the one that the thief made', () => {
    const admin = byUser('AKIAADMIN', 'admin');
    const made = (userId: string) => ({
      requestParameters: { userName: 'bob' },
      responseElements: { user: { userName: 'bob', userId, arn: `arn:aws:iam::${ACCOUNT}:user/bob` } },
    });
    const bob = (key: string, principalId: string) => ({ ...byUser(key, 'bob'), principalId });
    const records = [
      aRecord('CreateUser', made('AIDA1')),
      aRecord('ListUsers', { eventTime: at(10), userIdentity: bob('AKIAB1', 'AIDA1') }),
      aRecord('DeleteUser', { eventTime: at(20), requestParameters: { userName: 'bob' }, userIdentity: admin }),
      aRecord('CreateUser', { ...made('AIDA2'), eventTime: at(30), userIdentity: admin }),
      aRecord('ListUsers', { eventTime: at(40), userIdentity: bob('AKIAB2', 'AIDA2') }),
    ];

    const found = ask(records);

    expect(found.events).toEqual(idsOf(records.slice(0, 2)));
    expect(found.credentials.find((one) => one.id === 'AKIAB1')).toMatchObject({ strength: 'strong', alive: false });
    expect(found.resources).toMatchObject([{ action: 'CreateUser', present: false }]);
  });

  it('follows an outside account through a trust that the thief wrote, not the users of the role before', () => {
    const outside = { type: 'AWSAccount', accountId: '999988887777', principalId: 'AIDAOUT' };
    const policyDocument = JSON.stringify({
      Statement: { Effect: 'Allow', Principal: { AWS: ['999988887777', USER] }, Action: 'sts:AssumeRole' },
    });
    const own = byUser('AKIAOTHER', 'other');
    const thief = [
      aRecord('UpdateAssumeRolePolicy', { requestParameters: { roleName: 'shared', policyDocument } }),
      assumes('ASIAOUT', 'shared', { eventTime: at(60), userIdentity: outside }),
      aRecord('ListUsers', { eventTime: at(70), userIdentity: bySession('ASIAOUT', { role: 'shared', name: 's', createdAt: 60 }) }),
    ];
    const others = [
      assumes('ASIAOTHER', 'shared', { eventTime: at(65), userIdentity: own }),
      aRecord('ListRoles', { eventTime: at(80), userIdentity: bySession('ASIAOTHER', { role: 'shared', name: 's', createdAt: 65 }) }),
    ];

    const found = ask([...thief, ...others]);

    expect(found.events).toEqual(idsOf(thief));
    expect(found.principals).toMatchObject([{ arn: '999988887777', how: 'external' }, { how: 'trust-changed' }]);
    expect(found.containment).toContainEqual({ api: 'iam:UpdateAssumeRolePolicy', target: `arn:aws:iam::${ACCOUNT}:role/shared` });
  });

  it('joins the two records of a cross-account call and follows the key into the owned account', () => {
    const caller = assumes('x', 'r', { sharedEventID: 'shared-1', responseElements: null });
    const callee = assumes('ASIACROSS', 'r', { sharedEventID: 'shared-1', userIdentity: { type: 'AWSAccount', accountId: ACCOUNT } });
    const use = aRecord('ListUsers', { eventTime: at(9), userIdentity: bySession('ASIACROSS', { role: 'r', name: 's', createdAt: 0 }) });

    const found = ask([use, callee, caller]);

    expect(found.events.toSorted()).toEqual(idsOf([caller, callee, use]).toSorted());
  });

  it('takes the sessions of an instance that the thief launched, and reports a read secret as weak', () => {
    const ec2 = (name: string, key: string) =>
      aRecord('DescribeVpcs', { eventTime: at(90), userIdentity: bySession(key, { role: 'app', name, createdAt: 80 }) });
    const records = [
      aRecord('RunInstances', {
        eventSource: 'ec2.amazonaws.com',
        requestParameters: { iamInstanceProfile: { name: 'app' } },
        responseElements: { instancesSet: { items: [{ instanceId: 'i-0bad' }] } },
      }),
      aRecord('GetSecretValue', {
        eventSource: 'secretsmanager.amazonaws.com',
        readOnly: true,
        eventTime: at(1),
        requestParameters: { secretId: 'db' },
      }),
      ec2('i-0bad', 'ASIABAD'),
    ];

    const found = ask([...records, ec2('i-0good', 'ASIAGOOD')]);

    expect(found.events).toEqual(idsOf(records));
    expect(found.credentials).toContainEqual(expect.objectContaining({ id: 'ASIABAD', strength: 'strong', used: true }));
    expect(found.credentials).toContainEqual(expect.objectContaining({ id: 'db', strength: 'weak', used: false }));
    expect(found.credentials.map((one) => one.id)).not.toContain('ASIAGOOD');
  });

  it('reports a sign-in of the same user from the same address as weak, without following it', () => {
    const login = aRecord('ConsoleLogin', {
      eventSource: 'signin.amazonaws.com',
      eventTime: at(30),
      userIdentity: { ...byUser(), accessKeyId: '' },
      responseElements: { ConsoleLogin: 'Success' },
    });

    const found = ask([aRecord('ListUsers'), login]);

    expect(found.events).toHaveLength(1);
    expect(found.credentials.at(-1)).toMatchObject({ kind: 'console-session', strength: 'weak', provedBy: login['eventID'] });
  });
});

describe('what is alive', () => {
  it('ends keys when deactivated or deleted and sessions when they expire, at the time asked for', () => {
    const records = [
      assumes('ASIASHORT', 'admin'),
      aRecord('UpdateAccessKey', {
        eventTime: at(7200),
        requestParameters: { accessKeyId: KEY, status: 'Inactive', userName: 'ci-deployer' },
        userIdentity: byUser('AKIAADMIN', 'admin'),
      }),
    ];
    const alive = (until?: number) =>
      ask(records, { until })
        .credentials.filter((one) => one.alive)
        .map((one) => one.id);

    expect(alive()).toEqual([]);
    expect(alive(Date.parse(at(3599)))).toEqual([KEY, 'ASIASHORT']);
    expect(alive(Date.parse(at(3600)))).toEqual([KEY]);
  });

  it('keeps session tokens out of the answer', () => {
    expect(JSON.stringify(ask([assumes('ASIAX', 'admin')]))).not.toContain('SECRET-TOKEN');
  });
});
