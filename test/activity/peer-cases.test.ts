import {
  AttachUserPolicyCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type Credentials, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsCredentials } from '../../src/adapters/aws/clients.js';
import { type Containment, failureOf, run } from '../fixtures/activities.js';
import { forReal, measuresOf } from '../fixtures/for-real.js';
import { anAlertNow, callWith, contain, plannedFor, resolved, restore, signedWrite, writesOf } from '../fixtures/organization-acts.js';
import { adminOf, aKeyedUser, aKeyOf, fromAlert } from '../fixtures/organization-principals.js';
import { anOrganizationRig, clientsWith, DATA, MAIN, MANAGEMENT, type OrganizationRig } from '../fixtures/organization-rig.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const ARN = `arn:aws:iam::${MAIN}`;
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
/** AWS's own fraud limiters so far (aws-domain 1.2). */
const LIMITERS = ['', 'V2', 'V3', 'V4'].map((version) => `arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine${version}`);
/** What an EC2 call comes to under a deny, and with a key that is off. */
const DENIED = 'UnauthorizedOperation';
const OFF = 'InvalidClientTokenId';

let rig: OrganizationRig;
beforeAll(async () => {
  rig = await anOrganizationRig();
});
afterAll(() => rig.close());

const keysOf = (name: string) => rig.range.iamState().users.find((user) => user.name === name)?.keys ?? [];

function sessionKey({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Partial<Credentials> = {}): AwsCredentials {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

describe('keys', () => {
  it('a user with a path is contained by the name alone, and its key comes back', async () => {
    const key = await aKeyedUser(rig, 'deep', { Path: '/division/team/' });
    const containment = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });

    expect(containment.principal).toMatchObject({ name: 'deep', arn: `${ARN}:user/division/team/deep` });
    expect(await forReal(rig, containment, { keys: [key] })).toEqual([['allowed'], [OFF], ['allowed']]);
  });

  it('the key of a deleted user says so, with the key as the lock', async () => {
    const { accessKeyId } = await aKeyedUser(rig, 'short-lived');
    const UserName = 'short-lived';
    await adminOf(rig).iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId }));
    await adminOf(rig).iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: READ_ONLY }));
    await adminOf(rig).iam.send(new DeleteUserCommand({ UserName }));

    const resolution = await run(
      rig.activities.main.resolvePrincipal,
      await anAlertNow(rig, { hints: { accessKeyId, userName: UserName } }),
    );

    expect(resolution).toMatchObject({ found: false, why: 'deleted', lockId: `incident/${MAIN}/key/${accessKeyId}` });
  });

  it('a key that was Inactive before stays Inactive after the undo', async () => {
    const key = await aKeyedUser(rig, 'retired');
    const old = await aKeyOf(rig, 'retired');
    await adminOf(rig).iam.send(new UpdateAccessKeyCommand({ UserName: 'retired', AccessKeyId: old.accessKeyId, Status: 'Inactive' }));
    const containment = await fromAlert(rig, { hints: { accessKeyId: key.accessKeyId } });

    expect(await forReal(rig, containment, { keys: [key, old] })).toEqual([
      ['allowed', OFF],
      [OFF, OFF],
      ['allowed', OFF],
    ]);
    expect(keysOf('retired').find(({ accessKeyId }) => accessKeyId === old.accessKeyId)?.status).toBe('Inactive');
  });

  it('of two keys with one leaked both are off, and the innocent one comes back as it was', async () => {
    const leaked = await aKeyedUser(rig, 'two-keys');
    const innocent = await aKeyOf(rig, 'two-keys');
    const containment = await fromAlert(rig, { hints: { accessKeyId: leaked.accessKeyId } });
    const original = keysOf('two-keys');

    expect(measuresOf(containment).filter((measure) => measure === 'deactivateAccessKey')).toHaveLength(2);
    expect(await forReal(rig, containment, { keys: [leaked, innocent] })).toEqual([
      ['allowed', 'allowed'],
      [OFF, OFF],
      ['allowed', 'allowed'],
    ]);
    expect(keysOf('two-keys')).toEqual(original);
  });
});

describe('sessions', () => {
  it('a session key alone leads through CloudTrail to its user, and the session ends with the denies', async () => {
    const key = await aKeyedUser(rig, 'session-holder');
    const session = sessionKey((await clientsWith(rig.range, key).sts.send(new GetSessionTokenCommand({}))).Credentials);
    await callWith(rig, session);
    const containment = await fromAlert(rig, { principalKind: 'unknown', hints: { accessKeyId: session.accessKeyId } });

    expect(session.accessKeyId).toMatch(/^ASIA/);
    expect(containment.principal).toMatchObject({ kind: 'user', name: 'session-holder' });
    expect(await forReal(rig, containment, { keys: [session], only: ['denyUser'] })).toEqual([['allowed'], [DENIED], ['allowed']]);
    expect(await forReal(rig, containment, { keys: [session], only: ['quarantineByScp'] })).toEqual([['allowed'], [DENIED], ['allowed']]);
  });

  it('of a role that a workload uses only the intruder’s session is stopped, by the deny and by the SCP', async () => {
    const assume = async (RoleSessionName: string): Promise<AwsCredentials> => {
      const { sts } = clientsWith(rig.range, rig.range.identities.leaked);
      return sessionKey((await sts.send(new AssumeRoleCommand({ RoleArn: `${ARN}:role/deploy-target`, RoleSessionName }))).Credentials);
    };
    const [workload, intruder] = [await assume('deploy-1'), await assume('intruder')];
    const id = rig.range.iamState().roles.find(({ name }) => name === 'deploy-target')?.id ?? '';
    const containment = await fromAlert(rig, {
      principalKind: 'session',
      hints: { accessKeyId: intruder.accessKeyId, userName: 'deploy-target', principalId: `${id}:intruder` },
    });

    expect(measuresOf(containment)).toEqual(['quarantineByScp', 'denySession']);
    for (const measure of ['quarantineByScp', 'denySession'] as const)
      expect(await forReal(rig, containment, { keys: [workload, intruder], only: [measure] })).toEqual([
        ['allowed', 'allowed'],
        ['allowed', DENIED],
        ['allowed', 'allowed'],
      ]);
  });

  it('a session of a permission set leads to the person, who alone is stopped by the SCP', async () => {
    const portal = (userName: string): AwsCredentials =>
      rig.range.handouts.accessPortal({
        userName,
        permissionSet: 'Developer',
        accountId: MAIN,
        sourceIp: '203.0.113.66',
        userAgent: 'aws-internal/3',
      });
    const [mira, jonas] = [portal('mira'), portal('jonas')];
    const { name = '', id = '' } = rig.range.iamState().roles.find((role) => role.name.startsWith('AWSReservedSSO_')) ?? {};
    const containment = await fromAlert(rig, { principalKind: 'session', hints: { userName: name, principalId: `${id}:mira` } });

    expect(containment.principal).toMatchObject({ kind: 'identityCenterUser', name: 'mira' });
    expect(measuresOf(containment)).toEqual(['quarantineByScp', 'denyInPermissionSet', 'deleteAssignment']);
    expect(containment.plan.guidance.map(({ title }) => title).join()).toContain('end the portal session');
    expect(await forReal(rig, containment, { keys: [mira, jonas], only: ['quarantineByScp'] })).toEqual([
      ['allowed', 'allowed'],
      [DENIED, 'allowed'],
      ['allowed', 'allowed'],
    ]);
  });
});

describe('AWS’s own quarantine', () => {
  it('in any of its versions counts as a sign and is never taken off', async () => {
    const key = await aKeyedUser(rig, 'exposed');
    const change = { hints: { accessKeyId: key.accessKeyId } };
    const plain = await fromAlert(rig, change);
    const score = async ({ alert, principal }: Containment) =>
      run(rig.activities.main.scoreSignals, { incidentId: INCIDENT_ID, alerts: [alert], principal, ownerStatements: [] });
    const without = await score(plain);

    for (const PolicyArn of LIMITERS) {
      await adminOf(rig).iam.send(new AttachUserPolicyCommand({ UserName: 'exposed', PolicyArn }));
      const { signals } = await score(plain);
      expect(signals.map(({ id }) => id)).toContain('awsQuarantined');
    }
    const containment = await fromAlert(rig, change);
    const done = await contain(containment);
    await restore(containment, done);

    expect(without.signals.map(({ id }) => id)).not.toContain('awsQuarantined');
    expect(rig.range.iamState().users.find(({ name }) => name === 'exposed')?.attached).toEqual([...LIMITERS, READ_ONLY].toSorted());
  });
});

describe('root and service-linked roles', () => {
  it('root of a member account is stopped for real by the SCP alone, and works again after the undo', async () => {
    const key = rig.range.rootKeys[DATA];
    if (key === undefined) throw new Error('root has no key');
    const containment = await fromAlert(rig, { account: DATA, principalKind: 'root', hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).toEqual(['quarantineByScp', 'deleteRootCredentials']);
    expect(await forReal(rig, containment, { keys: [key], only: ['quarantineByScp'] })).toEqual([['allowed'], [DENIED], ['allowed']]);
  });

  it('root of the management account is handed to a person with the steps, and nothing is written', async () => {
    const before = writesOf(rig).length;

    const { plan } = await fromAlert(rig, { account: MANAGEMENT, principalKind: 'root', hints: {} });

    expect(plan.measures).toEqual([]);
    expect(plan.guidance[0]?.commands.join()).toContain('sign in as root');
    expect(plan.doesNotStop.join()).toContain('no SCP binds the management account');
    expect(writesOf(rig)).toHaveLength(before);
  });

  it('a service-linked role is refused with the reason, and nothing is written', async () => {
    const role = await resolved(rig, `${ARN}:role/AWSServiceRoleForAmazonGuardDuty`);
    const containment = await plannedFor(rig, role);
    const before = writesOf(rig).length;

    const refused = await failureOf(run(rig.activities.respond.denyRole, await signedWrite(containment, 'denyRole')));

    expect(containment.plan.refusals.join()).toContain('service-linked roles cannot be contained');
    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(writesOf(rig)).toHaveLength(before);
  });
});
