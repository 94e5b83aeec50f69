import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetRoleCommand,
  ListInstanceProfilesForRoleCommand,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, fromSts, policyText, trustText, type TestClients } from './clients.js';

const RoleName = 'maintenance';
const AdministratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';
const AWSDenyAll = 'arn:aws:iam::aws:policy/AWSDenyAll';

let range: Range;
let clock: VirtualClock;
let iam: IAMClient;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 } });
  iam = clientsFor(range, range.identities.admin).iam;
});

/** A role with all rights that the account may assume, and a session of it. */
async function roleAndSession(): Promise<{ readonly arn: string; readonly session: TestClients }> {
  const trust = trustText({ AWS: `arn:aws:iam::${range.accountId}:root` });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: AdministratorAccess }));
  return { arn: Role?.Arn ?? '', session: await assume(Role?.Arn ?? '') };
}

async function assume(RoleArn: string): Promise<TestClients> {
  const { sts } = clientsFor(range, range.identities.admin);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'night' }));
  return clientsFor(range, fromSts(Credentials));
}

const works = (session: TestClients): Promise<string> => errorOf(session.iam.send(new ListUsersCommand({})));

describe('a role', () => {
  it('is stopped, live sessions too, by an inline deny, and works again without it', async () => {
    const { session } = await roleAndSession();
    const deny = { RoleName, PolicyName: 'IRQuarantine-1' };

    await iam.send(new PutRolePolicyCommand({ ...deny, PolicyDocument: policyText('Deny', '*') }));
    const denied = await works(session);
    await iam.send(new DeleteRolePolicyCommand(deny));

    expect([denied, await works(session)]).toEqual(['AccessDenied', 'no error']);
  });

  it('keeps sessions out that are older than aws:TokenIssueTime, and lets newer ones in', async () => {
    const { arn, session } = await roleAndSession();
    await clock.advance(5000);
    const older = { Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(clock.now()).toISOString() } } };
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'IRRevokeSessions', PolicyDocument: policyText('Deny', '*', older) }));

    const fresh = await assume(arn);

    expect([await works(session), await works(fresh)]).toEqual(['AccessDenied', 'no error']);
  });

  it('is stopped by the boundary AWSDenyAll, and works again without it', async () => {
    const { session } = await roleAndSession();

    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: AWSDenyAll }));
    const bounded = await works(session);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));

    expect([bounded, await works(session)]).toEqual(['AccessDenied', 'no error']);
    expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(AWSDenyAll);
    expect(await errorOf(iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })))).toBe('NoSuchEntityException');
  });

  it('cannot be assumed under a closed trust policy, while its live session goes on', async () => {
    const { arn, session } = await roleAndSession();
    const closed = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'IRQuarantine', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    });

    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: closed }));

    await expect(assume(arn)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await works(session)).toBe('no error');
    expect(await errorOf(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: '{' })))).toBe(
      'MalformedPolicyDocumentException',
    );
  });

  it('is simulated like it is enforced', async () => {
    const { arn } = await roleAndSession();
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'IRQuarantine-1', PolicyDocument: policyText('Deny', '*') }));

    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: ['iam:CreateUser'] }),
    );

    expect(EvaluationResults).toEqual([expect.objectContaining({ EvalDecision: 'explicitDeny' })]);
  });

  it('is deleted only without instance profile, attached and inline policies, and then its session ends', async () => {
    const { session } = await roleAndSession();
    const profile = { InstanceProfileName: RoleName, RoleName };
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policyText('Allow', 's3:*') }));
    await iam.send(new CreateInstanceProfileCommand(profile));
    await iam.send(new AddRoleToInstanceProfileCommand(profile));
    const second = await errorOf(iam.send(new AddRoleToInstanceProfileCommand(profile)));
    const { InstanceProfiles } = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
    const steps = [
      () => iam.send(new RemoveRoleFromInstanceProfileCommand(profile)),
      () => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: AdministratorAccess })),
      () => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' })),
    ];

    const inUse = await errorOf(iam.send(new DeleteInstanceProfileCommand(profile)));
    const refusals: string[] = [];
    for (const step of steps) {
      refusals.push(await errorOf(iam.send(new DeleteRoleCommand({ RoleName }))));
      await step();
    }
    await iam.send(new DeleteInstanceProfileCommand(profile));
    await iam.send(new DeleteRoleCommand({ RoleName }));

    expect(second).toBe('LimitExceededException');
    expect(InstanceProfiles).toEqual([
      expect.objectContaining({ InstanceProfileName: RoleName, Roles: [expect.objectContaining({ RoleName })] }),
    ]);
    expect([inUse, ...refusals]).toEqual(Array.from({ length: 4 }, () => 'DeleteConflictException'));
    expect(await works(session)).toBe('InvalidClientTokenId');
  });

  it('of an AWS service is unmodifiable in every way', async () => {
    const linked = { RoleName: 'AWSServiceRoleForAmazonGuardDuty' };
    const calls = [
      iam.send(new PutRolePolicyCommand({ ...linked, PolicyName: 'x', PolicyDocument: policyText('Deny', '*') })),
      iam.send(new AttachRolePolicyCommand({ ...linked, PolicyArn: AWSDenyAll })),
      iam.send(new UpdateAssumeRolePolicyCommand({ ...linked, PolicyDocument: trustText({ AWS: '*' }) })),
      iam.send(new PutRolePermissionsBoundaryCommand({ ...linked, PermissionsBoundary: AWSDenyAll })),
      iam.send(new DeleteRoleCommand(linked)),
    ];

    expect(await Promise.all(calls.map(errorOf))).toEqual(calls.map(() => 'UnmodifiableEntityException'));
  });
});

it('pages GetAccountAuthorizationDetails by filter, two roles at a time, with documents and profiles', async () => {
  await roleAndSession();
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'p' }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'p', RoleName }));

  const first = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], MaxItems: 2 }));
  const second = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], MaxItems: 2, Marker: first.Marker }));
  const roles = [...(first.RoleDetailList ?? []), ...(second.RoleDetailList ?? [])];

  expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  expect(first.UserDetailList).toEqual([]);
  expect(roles.map((role) => role.RoleName)).toEqual([
    'AWSServiceRoleForAmazonGuardDuty',
    'OrganizationAccountAccessRole',
    'deploy-target',
    RoleName,
  ]);
  expect(roles.find((role) => role.RoleName === RoleName)).toMatchObject({
    AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess' }],
    InstanceProfileList: [{ InstanceProfileName: 'p' }],
  });
});
