import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { AttackerKind, Range } from '../../../src/range/index.js';
import { adminOf, attack, cleanUp, survivors, switchLeakedKeyOff } from './actors-fixtures.js';
import { clientsFor, policyText } from './clients.js';

const DENY = policyText('Deny', '*');
const DENY_ALL = 'arn:aws:iam::aws:policy/AWSDenyAll';
const QUARANTINE = 'arn:aws:iam::111122223333:policy/ir/IRQuarantine';
/** Nothing a defender writes takes hold before he is looked at. */
const SLOW = { min: 3, max: 3 };

const userNamed = (range: Range, wanted: string) => range.iamState().users.find(({ name }) => name === wanted);
const roleNamed = (range: Range, wanted: string) => range.iamState().roles.find(({ name }) => name === wanted);
const allowedBy = (range: Range, actor: AttackerKind, api: string): number =>
  range.ledger().filter((entry) => entry.actor === actor && entry.api === api && entry.allowed).length;

describe.each(['persister', 'insider'] as const)('the %s', (attacker) => {
  it('strips an inline, a managed, a boundary and a group deny from its user within a second', async () => {
    const { range, clock } = await attack({ attacker, propagationSeconds: SLOW }, 10, [attacker]);
    const { iam } = adminOf(range);
    const UserName = 'ci-deploy';
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'IRQuarantine-1', PolicyDocument: DENY }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: QUARANTINE }));
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: DENY_ALL }));
    await iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'IRQuarantine' }));
    await clock.advance(1000);
    await range.stop();

    const user = userNamed(range, UserName);
    expect(Object.keys(user?.inline ?? {})).toEqual(['notyet-admin']);
    expect(user?.attached).not.toContain(QUARANTINE);
    expect(user?.boundary).toBeNull();
    expect(user?.groups).toEqual(['ci-runners']);
  });

  it('strips an inline, a managed and a boundary deny from its role within a second', async () => {
    const { range, clock } = await attack({ attacker, theft: 'roleSession', propagationSeconds: SLOW }, 10, [attacker]);
    const { iam } = adminOf(range);
    const RoleName = 'ops-admin';
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'AWSRevokeOlderSessions', PolicyDocument: DENY }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: QUARANTINE }));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: DENY_ALL }));
    await clock.advance(1000);
    await range.stop();

    const role = roleNamed(range, RoleName);
    expect(Object.keys(role?.inline ?? {})).toEqual(['notyet-admin']);
    expect(role?.attached).toEqual(['arn:aws:iam::aws:policy/AdministratorAccess']);
    expect(role?.boundary).toBeNull();
  });

  it('switches its key on again and puts its own policy back within a second', async () => {
    const { range, clock } = await attack({ attacker, propagationSeconds: SLOW }, 10, [attacker]);
    await switchLeakedKeyOff(range);
    await clock.advance(1000);
    await range.stop();

    const { accessKeyId } = range.identities.leaked;
    expect(userNamed(range, 'ci-deploy')?.keys.find((key) => key.accessKeyId === accessKeyId)?.status).toBe('Active');
  });

  it('cannot detach the quarantine policy under the guard SCP, and keeps trying', async () => {
    const { range, clock } = await attack({ scenario: 'organization', attacker, propagationSeconds: SLOW }, 10, [attacker]);
    const { iam } = clientsFor(range, range.identities.responder);
    await iam.send(new AttachUserPolicyCommand({ UserName: 'ci-deploy', PolicyArn: QUARANTINE }));
    await clock.advance(20_000);
    await range.stop();

    const tries = range.ledger().filter(({ actor, api }) => actor === attacker && api === 'iam:DetachUserPolicy');
    expect(userNamed(range, 'ci-deploy')?.attached).toContain(QUARANTINE);
    expect(tries.length).toBeGreaterThan(10);
    expect(tries.filter(({ allowed }) => allowed)).toEqual([]);
  });

  it('has at least two ways back, and makes another when one of them is gone', async () => {
    const { range, clock } = await attack({ attacker, propagationSeconds: SLOW }, 10, [attacker]);
    const before = allowedBy(range, attacker, 'iam:CreateUser') + allowedBy(range, attacker, 'iam:CreateRole');
    await cleanUp(range, (name) => name.startsWith('notyet-'));
    await clock.advance(15_000);
    await range.stop();

    expect(before).toBe(2);
    expect(allowedBy(range, attacker, 'iam:CreateUser') + allowedBy(range, attacker, 'iam:CreateRole')).toBeGreaterThanOrEqual(4);
    expect(survivors(range).filter((one) => one.includes('notyet-')).length).toBeGreaterThanOrEqual(2);
  });

  it('is alive after a minute with 8 s of lag in which nobody does anything', async () => {
    const { range } = await attack({ attacker, propagationSeconds: { min: 8, max: 8 } }, 60, [attacker]);
    await range.stop();

    expect(survivors(range)).toContain('key user/automation/ci-deploy');
  });

  it('has nothing left once an administrator has deleted all of it by hand', async () => {
    const { range } = await attack({ attacker }, 20, [attacker]);
    await range.stopActors();
    const before = survivors(range);
    await cleanUp(range, (name) => name.startsWith('notyet-'));
    await adminOf(range).iam.send(new AttachUserPolicyCommand({ UserName: 'ci-deploy', PolicyArn: QUARANTINE }));
    await range.stop();

    expect(before.length).toBeGreaterThanOrEqual(4);
    expect(survivors(range)).toEqual([]);
  });
});

describe('the insider', () => {
  it('works from the address of the workload and is alerted for what he changes', async () => {
    const { range } = await attack({ attacker: 'insider' }, 15);
    await range.stop();

    const alerts = range.alertsSent().map((alert) => JSON.parse(JSON.stringify(alert)));
    const finding = alerts.find(({ source }) => source === 'aws.guardduty');
    expect(finding.detail.type).toBe('Persistence:IAMUser/AnomalousBehavior');
    expect(finding.detail.service.action.awsApiCallAction.remoteIpDetails.ipAddressV4).toBe('198.51.100.24');
    expect(survivors(range).length).toBeGreaterThanOrEqual(4);
  });
});

describe('the juggler', () => {
  it('moves from role to role, so that every session of it is another one', async () => {
    const { range } = await attack({ attacker: 'juggler' }, 30, ['juggler']);
    await range.stop();

    const sessions = range.calls().filter(({ actor, api }) => actor === 'juggler' && api === 'sts:AssumeRole');
    expect(allowedBy(range, 'juggler', 'iam:CreateRole')).toBeGreaterThanOrEqual(2);
    expect(sessions.filter(({ allowed }) => allowed).length).toBeGreaterThanOrEqual(8);
    expect(sessions.some(({ callerArn }) => /assumed-role\/sync-/.test(callerArn))).toBe(true);
  });

  it('makes another role when those it has are denied', async () => {
    const { range, clock } = await attack({ attacker: 'juggler' }, 20, ['juggler']);
    const { iam } = adminOf(range);
    const first = range.iamState().roles.filter(({ name }) => name.startsWith('sync-'));
    for (const { name } of first)
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'IRQuarantine-1', PolicyDocument: DENY }));
    await clock.advance(20_000);
    await range.stop();

    const made = range.iamState().roles.filter(({ name }) => name.startsWith('sync-'));
    expect(made.length).toBeGreaterThan(first.length);
    expect(survivors(range).join()).toContain('assumed-role/sync-');
  });

  it('runs an instance with a role that it may pass and has its credentials', async () => {
    const { range } = await attack({ attacker: 'juggler' }, 30, ['juggler']);
    await range.stop();

    expect(allowedBy(range, 'juggler', 'ec2:RunInstances')).toBeGreaterThan(0);
    expect(survivors(range).join()).toContain('instance assumed-role/web-server/');
  });
});

describe('everybody', () => {
  it.each(['opportunist', 'persister', 'juggler', 'insider'] as const)(
    'does the same twice with one seed, with the %s',
    async (attacker) => {
      const options = { scenario: 'organization', attacker, otherResponder: true, latencySeconds: { min: 0.04, max: 0.12 } } as const;
      const lag = { propagationSeconds: { min: 2, max: 4 }, seed: 7 };
      const [first, second] = [await attack({ ...options, ...lag }, 30), await attack({ ...options, ...lag }, 30)];
      await Promise.all([first.range.stop(), second.range.stop()]);

      expect(second.range.ledger()).toEqual(first.range.ledger());
      expect(second.range.attackerAccess()).toEqual(first.range.attackerAccess());
    },
  );

  it('is counted: nobody but those who share the stolen principal is denied anything when that is stopped', async () => {
    const { range, clock } = await attack({ theft: 'roleSession' }, 12);
    await adminOf(range).iam.send(new PutRolePolicyCommand({ RoleName: 'ops-admin', PolicyName: 'IRQuarantine-1', PolicyDocument: DENY }));
    await clock.advance(30_000);
    await range.stop();

    const counts = range.innocent();
    expect(counts.map(({ actor }) => actor).toSorted()).toEqual(['benign', 'innocent', 'invoices', 'operations', 'webServer']);
    expect(counts.filter(({ sharesStolen }) => sharesStolen).map(({ actor }) => actor)).toEqual(['operations']);
    expect(counts.filter(({ denied }) => denied > 0).map(({ actor }) => actor)).toEqual(['operations']);
    expect(counts.every(({ ok }) => ok > 0)).toBe(true);
  });

  it('has an administrator in between who makes a user, rotates a key, tags the leaked user and switches its key off', async () => {
    const { range } = await attack({ otherResponder: true }, 45, ['benign', 'otherResponder']);
    await range.stop();

    expect(userNamed(range, 'new-hire')?.keys).toHaveLength(1);
    expect(userNamed(range, 'backup-bot')?.keys.map(({ status }) => status)).toEqual(['Active']);
    const leaked = userNamed(range, 'ci-deploy');
    expect(leaked?.tags).toMatchObject({ ticket: 'OPS-4711' });
    expect(leaked?.keys.map(({ status }) => status)).toEqual(['Inactive', 'Inactive']);
    expect(Object.keys(leaked?.inline ?? {})).toEqual(['read-trails']);
    expect(range.innocent().find(({ actor }) => actor === 'otherResponder')).toMatchObject({ denied: 0 });
  });
});
