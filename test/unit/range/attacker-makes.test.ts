import { StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type AttackerAccess, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, observersFor, policyText } from './clients.js';

const DENY = policyText('Deny', '*');
const CLOSED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

type Attack = {
  readonly range: Range;
  readonly clock: VirtualClock;
  readonly made: { user: string; role: string; policy: string; instance: string; key: string };
};

/** The attack until all is made: 12 s, with the scenario's own propagation. */
async function attack(seed = 1): Promise<Attack> {
  const clock = createVirtualClock();
  const range = await startRange({ clock, seed, attackerMakes: true });
  range.startActors();
  await clock.advance(12_000);
  const { users, roles, policies } = range.iamState();
  const user = users.find(({ name }) => name.startsWith('svc-'));
  const launched = range.recorded().find(({ eventName }) => eventName === 'RunInstances');
  const made = {
    user: user?.name ?? '',
    key: user?.keys[0]?.accessKeyId ?? '',
    role: roles.find(({ name }) => name.startsWith('svc-'))?.name ?? '',
    policy: policies.find(({ arn }) => arn.includes('/svc-'))?.arn ?? '',
    instance: /i-[0-9a-f]{17}/.exec(JSON.stringify(launched?.responseElements))?.[0] ?? '',
  };
  return { range, clock, made };
}

/** The leaked user only, as the responder contains it. */
async function containLeaked(range: Range): Promise<void> {
  const { iam } = clientsFor(range, range.identities.responder);
  const UserName = 'ci-deploy';
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: `arn:aws:iam::${range.accountId}:policy/ir/IRQuarantine` }));
  await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: range.identities.leaked.accessKeyId, Status: 'Inactive' }));
}

/** What the attacker made, as the responder contains it. */
async function containMade({ range, made }: Attack): Promise<void> {
  const { iam } = clientsFor(range, range.identities.responder);
  await iam.send(new PutUserPolicyCommand({ UserName: made.user, PolicyName: 'IRQuarantine-1', PolicyDocument: DENY }));
  await iam.send(new UpdateAccessKeyCommand({ UserName: made.user, AccessKeyId: made.key, Status: 'Inactive' }));
  await iam.send(new PutRolePolicyCommand({ RoleName: made.role, PolicyName: 'IRQuarantine-1', PolicyDocument: DENY }));
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: made.role, PolicyDocument: CLOSED }));
  await observersFor(range, range.identities.responder).ec2.send(new StopInstancesCommand({ InstanceIds: [made.instance] }));
}

const alive = (range: Range): AttackerAccess['kind'][] =>
  range
    .attackerAccess()
    .filter((access) => access.alive)
    .map(({ kind }) => kind)
    .toSorted();

describe('an attacker who makes himself ways back', () => {
  it('makes a user with a key, a role for account 999988887777, its policy and an instance with that role', async () => {
    const { range, made } = await attack();

    expect(made).toEqual({
      user: expect.stringMatching(/^svc-backup-\d+$/),
      key: expect.stringMatching(/^AKIA/),
      role: expect.stringMatching(/^svc-sync-\d+$/),
      policy: expect.stringMatching(/policy\/svc-sync-access-\d+$/),
      instance: expect.stringMatching(/^i-/),
    });
    expect(range.iamState().roles.find(({ name }) => name === made.role)).toMatchObject({
      attached: [made.policy],
      trust: expect.stringContaining('arn:aws:iam::999988887777:root'),
    });
    expect(alive(range)).toEqual(['instance', 'key', 'key', 'outsideTrust', 'session']);
  });

  it('is back in with the user and the role after the leaked user alone is contained, and those are the survivors', async () => {
    const { range, clock, made } = await attack();
    await containLeaked(range);
    await clock.advance(30_000);
    await range.stop();

    const late = range
      .ledger()
      .filter(({ actor }) => actor === 'opportunist')
      .slice(-12);
    expect(
      late.filter(({ api, accessKeyId, allowed }) => api === 'iam:ListUsers' && accessKeyId === made.key && allowed).length,
    ).toBeGreaterThan(0);
    expect(
      range
        .ledger()
        .some(
          ({ accessKeyId, api, allowed }) => accessKeyId === range.identities.outsider.accessKeyId && api === 'sts:AssumeRole' && allowed,
        ),
    ).toBe(true);
    expect(alive(range)).toEqual(['instance', 'key', 'outsideTrust', 'session']);
    expect(range.attackerAccess().find(({ kind }) => kind === 'outsideTrust')?.credential).toBe(
      `arn:aws:iam::${range.accountId}:role/${made.role}`,
    );
  });

  it('has no access left once user and role are contained too', async () => {
    const incident = await attack();
    const { range, clock } = incident;
    await containLeaked(range);
    await clock.advance(20_000);
    await containMade(incident);
    await clock.advance(20_000);
    await range.stop();

    expect(alive(range)).toEqual([]);
    expect(
      range
        .attackerAccess()
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['instance', 'key', 'key', 'session', 'session']);
  });

  it("survives with the instance's role session when the instance is only stopped and terminated", async () => {
    const { range, made } = await attack();
    const { ec2 } = observersFor(range, range.identities.restorer);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [made.instance] }));

    expect(alive(range)).toContain('instance');
    await range.stop();
  });

  it('is undone by the restorer, until the account has nothing of his', async () => {
    const incident = await attack();
    const { range, clock, made } = incident;
    await containLeaked(range);
    await containMade(incident);
    await clock.advance(20_000);
    await range.stop();
    const { iam } = clientsFor(range, range.identities.restorer);

    await iam.send(new DeleteAccessKeyCommand({ UserName: made.user, AccessKeyId: made.key }));
    for (const PolicyName of ['backup', 'IRQuarantine-1']) await iam.send(new DeleteUserPolicyCommand({ UserName: made.user, PolicyName }));
    await iam.send(new DeleteUserCommand({ UserName: made.user }));
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: made.role, RoleName: made.role }));
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: made.role }));
    await iam.send(new DetachRolePolicyCommand({ RoleName: made.role, PolicyArn: made.policy }));
    await iam.send(new DeleteRolePolicyCommand({ RoleName: made.role, PolicyName: 'IRQuarantine-1' }));
    await iam.send(new DeleteRoleCommand({ RoleName: made.role }));
    await iam.send(new DeletePolicyCommand({ PolicyArn: made.policy }));
    await observersFor(range, range.identities.restorer).ec2.send(new TerminateInstancesCommand({ InstanceIds: [made.instance] }));
    await clock.advance(6000);

    const { users, roles, policies, instanceProfiles } = range.iamState();
    expect(instanceProfiles).toEqual([]);
    expect(range.instances()).toEqual([{ id: made.instance, region: 'us-east-1', state: 'terminated' }]);
    expect(JSON.stringify([users.map(({ name }) => name), roles.map(({ name }) => name), policies.map(({ arn }) => arn)])).not.toContain(
      'svc-',
    );
    expect(alive(range)).toEqual([]);
  });

  it.each([1, 7])('does the same twice with seed %i', async (seed) => {
    const [first, second] = [await attack(seed), await attack(seed)];

    expect(second.range.recorded()).toEqual(first.range.recorded());
    expect(second.range.attackerAccess()).toEqual(first.range.attackerAccess());
  });

  it('makes nothing when the scenario decides', async () => {
    const clock = createVirtualClock();
    const range = await startRange({ clock });
    range.startActors();
    await clock.advance(12_000);
    await range.stop();

    expect(range.recorded().some(({ eventName }) => eventName === 'CreateUser')).toBe(false);
    expect(alive(range)).toEqual(['key', 'session']);
  });
});

describe('identities of the response', () => {
  it.each([
    {
      who: 'restorer',
      action: 'iam:CreateAccessKey',
      resource: 'arn:aws:iam::111122223333:user/automation/ci-deploy',
      decision: 'allowed',
    },
    {
      who: 'restorer',
      action: 'iam:CreateAccessKey',
      resource: 'arn:aws:iam::111122223333:user/ir/tourniquet-responder',
      decision: 'explicitDeny',
    },
    { who: 'restorer', action: 'iam:DeleteRole', resource: 'arn:aws:iam::111122223333:role/breakglass-admin', decision: 'explicitDeny' },
    {
      who: 'restorer',
      action: 'iam:PutUserPolicy',
      resource: 'arn:aws:iam::111122223333:user/automation/ci-deploy',
      decision: 'implicitDeny',
    },
    {
      who: 'restorer',
      action: 'secretsmanager:PutSecretValue',
      resource: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:ci-AbCdEf',
      decision: 'allowed',
    },
    {
      who: 'restorer',
      action: 'secretsmanager:GetSecretValue',
      resource: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:ci-AbCdEf',
      decision: 'implicitDeny',
    },
    { who: 'collector', action: 's3:PutObject', resource: 'arn:aws:s3:::tourniquet-evidence-111122223333/a.json', decision: 'allowed' },
    {
      who: 'collector',
      action: 's3:PutObjectRetention',
      resource: 'arn:aws:s3:::tourniquet-evidence-111122223333/a.json',
      decision: 'allowed',
    },
    {
      who: 'collector',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::tourniquet-evidence-111122223333/a.json',
      decision: 'implicitDeny',
    },
    {
      who: 'collector',
      action: 's3:DeleteObject',
      resource: 'arn:aws:s3:::tourniquet-evidence-111122223333/a.json',
      decision: 'implicitDeny',
    },
    {
      who: 'responder',
      action: 'iam:UpdateAssumeRolePolicy',
      resource: 'arn:aws:iam::111122223333:role/deploy-target',
      decision: 'allowed',
    },
    { who: 'responder', action: 'iam:DeleteRole', resource: 'arn:aws:iam::111122223333:role/deploy-target', decision: 'explicitDeny' },
    {
      who: 'responder',
      action: 'ec2:TerminateInstances',
      resource: 'arn:aws:ec2:us-east-1:111122223333:instance/i-1',
      decision: 'implicitDeny',
    },
  ] as const)('$who, asked for $action on $resource: $decision', async ({ who, action, resource, decision }) => {
    const range = await startRange({ clock: createVirtualClock() });
    const { iam } = clientsFor(range, range.identities.admin);
    const PolicySourceArn = `arn:aws:iam::${range.accountId}:user/ir/${range.identities[who].userName}`;

    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: [action], ResourceArns: [resource] }),
    );

    expect(EvaluationResults?.[0]?.EvalDecision).toBe(decision);
  });

  it('lets the restorer make a key but no user', async () => {
    const range = await startRange({ clock: createVirtualClock() });
    const { iam } = clientsFor(range, range.identities.restorer);

    expect(await errorOf(iam.send(new CreateAccessKeyCommand({ UserName: 'break-glass' })))).toBe('AccessDenied');
    expect(await errorOf(iam.send(new CreateAccessKeyCommand({ UserName: 'dana' })))).toBe('no error');
    expect(await errorOf(iam.send(new CreateUserCommand({ UserName: 'new' })))).toBe('AccessDenied');
  });

  it("have policies within AWS's 6,144 characters", async () => {
    const range = await startRange({ clock: createVirtualClock() });

    const sizes = range.iamState().policies.map(({ document }) => document.replaceAll(/\s/g, '').length);

    expect(Math.max(...sizes)).toBeLessThanOrEqual(6144);
  });
});
