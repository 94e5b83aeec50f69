import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  UpdateAccessKeyCommand,
  CreateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type Credentials, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/contracts/alert.js';
import type { MeasureName } from '../../src/contracts/plan.js';
import { measureCallFor } from '../../src/domain/planning/measure-calls.js';
import { planHash } from '../../src/domain/planning/plan-principal.js';
import { type Containment, failureOf, run } from '../fixtures/activities.js';
import { fillAttached, fillInline } from '../fixtures/full-quotas.js';
import { allowing } from '../fixtures/iam-things.js';
import { anAlertNow, callWith, contain, plannedFor, resolved, restore, signedWrite, writesOf } from '../fixtures/organization-acts.js';
import { anOrganizationRig, clientsWith, DATA, MAIN, MANAGEMENT, type OrganizationRig } from '../fixtures/organization-rig.js';
import { stateOf } from '../fixtures/organization-state.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const ARN = `arn:aws:iam::${MAIN}`;
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
/** AWS's own fraud limiters so far (aws-domain 1.2). */
const LIMITERS = ['', 'V2', 'V3', 'V4'].map((version) => `arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine${version}`);

type Key = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

let rig: OrganizationRig;
beforeAll(async () => {
  rig = await anOrganizationRig();
});
afterAll(() => rig.close());

const admin = () => clientsWith(rig.range, rig.range.identities.admin);

async function aKey(UserName: string): Promise<Key> {
  const { AccessKey } = await admin().iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

/** A user with a key, who may read. */
async function aUser(UserName: string, { Path = '/', attached = [READ_ONLY] } = {}): Promise<Key> {
  await admin().iam.send(new CreateUserCommand({ UserName, Path }));
  for (const PolicyArn of attached) await admin().iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  return aKey(UserName);
}

function sessionKey({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Partial<Credentials> = {}): Key {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** Resolves and plans from what an alert says. What the principal has was made before the first suspicious moment. */
async function fromAlert(change: Partial<Alert>): Promise<Containment> {
  const alert = await anAlertNow(rig, change);
  const resolution = await run(rig.activities.main.resolvePrincipal, alert);
  if (!resolution.found) throw new Error(resolution.detail);
  return plannedFor(rig, resolution.principal, change);
}

const measuresOf = ({ plan }: Containment): MeasureName[] => plan.measures.map(({ measure }) => measure);
const keysOf = (name: string) => rig.range.iamState().users.find((user) => user.name === name)?.keys ?? [];

/** What real calls come to before, under the measures, and after their undo; the state is as it was. */
async function forReal(containment: Containment, keys: readonly Key[], only?: readonly MeasureName[]): Promise<string[][]> {
  const calls = (): Promise<string[]> => Promise.all(keys.map((key) => callWith(rig, key)));
  const original = await stateOf(rig);
  const before = await calls();
  const done = await contain(containment, only);
  const during = await calls();
  await restore(containment, done);
  expect(await stateOf(rig)).toEqual(original);
  return [before, during, await calls()];
}

const DENIED = 'UnauthorizedOperation';
const OFF = 'InvalidClientTokenId';

describe('keys', () => {
  it('a user with a path is contained by the name alone, and its key comes back', async () => {
    const key = await aUser('deep', { Path: '/division/team/' });
    const containment = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });

    expect(containment.principal).toMatchObject({ name: 'deep', arn: `${ARN}:user/division/team/deep` });
    expect(await forReal(containment, [key])).toEqual([['allowed'], [OFF], ['allowed']]);
  });

  it('the key of a deleted user says so, with the key as the lock', async () => {
    const { accessKeyId } = await aUser('short-lived');
    const UserName = 'short-lived';
    await admin().iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId }));
    await admin().iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: READ_ONLY }));
    await admin().iam.send(new DeleteUserCommand({ UserName }));

    const resolution = await run(rig.activities.main.resolvePrincipal, await anAlertNow(rig, { hints: { accessKeyId, userName: UserName } }));

    expect(resolution).toMatchObject({ found: false, why: 'deleted', lockId: `incident/${MAIN}/key/${accessKeyId}` });
  });

  it('a key that was Inactive before stays Inactive after the undo', async () => {
    const key = await aUser('retired');
    const old = await aKey('retired');
    await admin().iam.send(new UpdateAccessKeyCommand({ UserName: 'retired', AccessKeyId: old.accessKeyId, Status: 'Inactive' }));
    const containment = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });

    expect(await forReal(containment, [key, old])).toEqual([
      ['allowed', OFF],
      [OFF, OFF],
      ['allowed', OFF],
    ]);
    expect(keysOf('retired').find(({ accessKeyId }) => accessKeyId === old.accessKeyId)?.status).toBe('Inactive');
  });

  it('of two keys with one leaked both are off, and the innocent one comes back as it was', async () => {
    const leaked = await aUser('two-keys');
    const innocent = await aKey('two-keys');
    const containment = await fromAlert({ hints: { accessKeyId: leaked.accessKeyId } });
    const original = keysOf('two-keys');

    expect(measuresOf(containment).filter((measure) => measure === 'deactivateAccessKey')).toHaveLength(2);
    expect(await forReal(containment, [leaked, innocent])).toEqual([
      ['allowed', 'allowed'],
      [OFF, OFF],
      ['allowed', 'allowed'],
    ]);
    expect(keysOf('two-keys')).toEqual(original);
  });
});

describe('sessions', () => {
  it('a session key alone leads through CloudTrail to its user, and the session ends with the denies', async () => {
    const key = await aUser('session-holder');
    const session = sessionKey((await clientsWith(rig.range, key).sts.send(new GetSessionTokenCommand({}))).Credentials);
    await callWith(rig, session);
    const containment = await fromAlert({ principalKind: 'unknown', hints: { accessKeyId: session.accessKeyId } });

    expect(session.accessKeyId).toMatch(/^ASIA/);
    expect(containment.principal).toMatchObject({ kind: 'user', name: 'session-holder' });
    expect(await forReal(containment, [session], ['denyUser'])).toEqual([['allowed'], [DENIED], ['allowed']]);
    expect(await forReal(containment, [session], ['quarantineByScp'])).toEqual([['allowed'], [DENIED], ['allowed']]);
  });

  it('of a role that a workload uses only the intruder’s session is stopped, by the deny and by the SCP', async () => {
    const assume = async (RoleSessionName: string): Promise<Key> => {
      const { sts } = clientsWith(rig.range, rig.range.identities.leaked);
      return sessionKey((await sts.send(new AssumeRoleCommand({ RoleArn: `${ARN}:role/deploy-target`, RoleSessionName }))).Credentials);
    };
    const [workload, intruder] = [await assume('deploy-1'), await assume('intruder')];
    const id = rig.range.iamState().roles.find(({ name }) => name === 'deploy-target')?.id ?? '';
    const containment = await fromAlert({
      principalKind: 'session',
      hints: { accessKeyId: intruder.accessKeyId, userName: 'deploy-target', principalId: `${id}:intruder` },
    });

    expect(measuresOf(containment)).toEqual(['quarantineByScp', 'denySession']);
    for (const measure of ['quarantineByScp', 'denySession'] as const)
      expect(await forReal(containment, [workload, intruder], [measure])).toEqual([
        ['allowed', 'allowed'],
        ['allowed', DENIED],
        ['allowed', 'allowed'],
      ]);
  });

  it('a session of a permission set leads to the person, who alone is stopped by the SCP', async () => {
    const portal = (userName: string): Key =>
      rig.range.handouts.accessPortal({
        userName,
        permissionSet: 'Developer',
        accountId: MAIN,
        sourceIp: '203.0.113.66',
        userAgent: 'aws-internal/3',
      });
    const [mira, jonas] = [portal('mira'), portal('jonas')];
    const { name = '', id = '' } = rig.range.iamState().roles.find((role) => role.name.startsWith('AWSReservedSSO_')) ?? {};
    const containment = await fromAlert({ principalKind: 'session', hints: { userName: name, principalId: `${id}:mira` } });

    expect(containment.principal).toMatchObject({ kind: 'identityCenterUser', name: 'mira' });
    expect(measuresOf(containment)).toEqual(['quarantineByScp', 'denyInPermissionSet', 'deleteAssignment']);
    expect(containment.plan.guidance.map(({ title }) => title).join()).toContain('end the portal session');
    expect(await forReal(containment, [mira, jonas], ['quarantineByScp'])).toEqual([
      ['allowed', 'allowed'],
      [DENIED, 'allowed'],
      ['allowed', 'allowed'],
    ]);
  });
});

describe('AWS’s own quarantine', () => {
  it('in any of its versions counts as a sign and is never taken off', async () => {
    const key = await aUser('exposed');
    const change = { hints: { accessKeyId: key.accessKeyId } };
    const plain = await fromAlert(change);
    const score = async ({ alert, principal }: Containment) =>
      run(rig.activities.main.scoreSignals, { incidentId: INCIDENT_ID, alerts: [alert], principal, ownerStatements: [] });
    const without = await score(plain);

    for (const PolicyArn of LIMITERS) {
      await admin().iam.send(new AttachUserPolicyCommand({ UserName: 'exposed', PolicyArn }));
      const { signals } = await score(plain);
      expect(signals.map(({ id }) => id)).toContain('awsQuarantined');
    }
    const containment = await fromAlert(change);
    const done = await contain(containment);
    await restore(containment, done);

    expect(without.signals.map(({ id }) => id)).not.toContain('awsQuarantined');
    expect(rig.range.iamState().users.find(({ name }) => name === 'exposed')?.attached).toEqual(
      [...LIMITERS, READ_ONLY].toSorted(),
    );
  });
});

describe('full quotas', () => {
  it('with 10 attached policies the managed layer is left out, and the others deny for real', async () => {
    const key = await aUser('ten-policies', { attached: [] });
    await fillAttached(admin().iam, 'ten-policies');
    const containment = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).not.toContain('attachQuarantinePolicy');
    expect(containment.plan.doesNotStop.join()).toContain('managed layer left out: the user has 10 of 10');
    for (const measure of ['denyUser', 'putBoundary', 'quarantineByScp'] as const)
      expect(await forReal(containment, [key], [measure])).toEqual([['allowed'], [DENIED], ['allowed']]);
  });

  it('with no room inline the inline layer is left out, and the others deny for real', async () => {
    const key = await aUser('long-inline');
    await fillInline(admin().iam, 'long-inline');
    const containment = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).not.toContain('denyUser');
    expect(containment.plan.doesNotStop.join()).toContain('inline layer left out');
    expect(await forReal(containment, [key], ['attachQuarantinePolicy'])).toEqual([['allowed'], [DENIED], ['allowed']]);
  });

  it('with both full the user joins the deny group and its own policy gets a denying version: each denies for real', async () => {
    const key = await aUser('no-room', { attached: [] });
    await fillAttached(admin().iam, 'no-room');
    await fillInline(admin().iam, 'no-room');
    const containment = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).toEqual([
      'quarantineByScp',
      'putBoundary',
      'joinDenyGroup',
      'setDenyVersion',
      'deactivateAccessKey',
    ]);
    for (const measure of ['joinDenyGroup', 'setDenyVersion'] as const)
      expect(await forReal(containment, [key], [measure])).toEqual([['allowed'], [DENIED], ['allowed']]);
  });
});

describe('a denying version of the user’s own policy (the second containment command of S003)', () => {
  /** A user without room for other denies, and the first five of its policies, which are looked at. */
  async function cornered(name: string): Promise<{ key: Key; arns: string[] }> {
    const key = await aUser(name, { attached: [] });
    const arns = await fillAttached(admin().iam, name);
    await fillInline(admin().iam, name);
    return { key, arns: arns.slice(0, 5) };
  }

  const spoils: [string, (PolicyArn: string) => Promise<unknown>, string][] = [
    [
      'is attached to another user',
      (PolicyArn) => admin().iam.send(new AttachUserPolicyCommand({ UserName: 'dana', PolicyArn })),
      'is attached to user/dana too',
    ],
    [
      'is attached to a role',
      (PolicyArn) => admin().iam.send(new AttachRolePolicyCommand({ RoleName: 'build-agent', PolicyArn })),
      'is attached to role/build-agent too',
    ],
    [
      'is attached to a group',
      (PolicyArn) => admin().iam.send(new AttachGroupPolicyCommand({ GroupName: 'engineers', PolicyArn })),
      'is attached to group/engineers too',
    ],
    [
      'is the boundary of a role',
      (PermissionsBoundary) =>
        admin().iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'release-notes', PermissionsBoundary })),
      'is the permissions boundary of role/release-notes',
    ],
    [
      'has 5 versions',
      async (PolicyArn) => {
        for (let count = 1; count < 5; count += 1)
          await admin().iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowing('ec2:Describe*') }));
      },
      'has 5 of 5 versions',
    ],
  ];

  it('is left out with the reason for each policy that is in force for others or has no room for a version', async () => {
    const { key, arns } = await cornered('spoilt');
    for (const [index, [, spoil]] of spoils.entries()) await spoil(arns[index] ?? '');

    const { plan } = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });

    expect(plan.measures.map(({ measure }) => measure)).toEqual(['quarantineByScp', 'putBoundary', 'joinDenyGroup', 'deactivateAccessKey']);
    for (const [index, [, , reason]] of spoils.entries())
      expect(plan.doesNotStop.join('; ')).toContain(`denying version left out: ${arns[index]} ${reason}`);
  });

  it.each(spoils)('is refused at the last moment when the policy %s since the plan: 0 writes', async (what, spoil, reason) => {
    const name = `late-${what.replaceAll(/[^a-z0-9]/g, '-')}`;
    const { key } = await cornered(name);
    const containment = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });
    const call = containment.plan.measures.find(({ measure }) => measure === 'setDenyVersion');
    await spoil(call?.target ?? '');
    const before = writesOf(rig).length;

    const refused = await failureOf(run(rig.activities.respond.setDenyVersion, await signedWrite(containment, 'setDenyVersion')));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(refused.message).toContain(`${call?.target} ${reason}`);
    expect(writesOf(rig)).toHaveLength(before);
    expect(await callWith(rig, key)).toBe('allowed');
  });

  it('is never made of a policy of AWS’s own, although people signed a plan that says so', async () => {
    const { key } = await cornered('aws-managed');
    const { alert, principal, plan } = await fromAlert({ hints: { accessKeyId: key.accessKeyId } });
    const call = measureCallFor({ measure: 'setDenyVersion', target: READ_ONLY }, { principal, incidentId: INCIDENT_ID });
    const measures = [call];
    const forged = { ...plan, measures, planSha256: planHash({ ...plan, measures }) };
    const before = writesOf(rig).length;

    const input = await signedWrite({ rig, alert, principal, plan: forged }, 'setDenyVersion');
    const refused = await failureOf(run(rig.activities.respond.setDenyVersion, input));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(refused.message).toContain(`${READ_ONLY} is AWS's own`);
    expect(writesOf(rig)).toHaveLength(before);
  });
});

describe('root and service-linked roles', () => {
  it('root of a member account is stopped for real by the SCP alone, and works again after the undo', async () => {
    const key = rig.range.rootKeys[DATA];
    if (key === undefined) throw new Error('root has no key');
    const containment = await fromAlert({ account: DATA, principalKind: 'root', hints: { accessKeyId: key.accessKeyId } });

    expect(measuresOf(containment)).toEqual(['quarantineByScp', 'deleteRootCredentials']);
    expect(await forReal(containment, [key], ['quarantineByScp'])).toEqual([['allowed'], [DENIED], ['allowed']]);
  });

  it('root of the management account is handed to a person with the steps, and nothing is written', async () => {
    const before = writesOf(rig).length;

    const { plan } = await fromAlert({ account: MANAGEMENT, principalKind: 'root', hints: {} });

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
