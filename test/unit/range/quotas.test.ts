import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  GetGroupCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range } from '../../../src/range/index.js';
import { clientsFor, errorOf, lastRecordOf, policyText, trustText } from './clients.js';

const AWSDenyAll = 'arn:aws:iam::aws:policy/AWSDenyAll';
const ServiceRole = 'AWSServiceRoleForAmazonGuardDuty';
const trust = trustText({ Service: 'ec2.amazonaws.com' });

let range: Range;
let iam: IAMClient;

beforeEach(async () => {
  range = await startRange({ clock: createVirtualClock(), propagationSeconds: { min: 0, max: 0 } });
  iam = clientsFor(range, range.identities.admin).iam;
});

/** A policy of exactly so many characters that are not white space, and a hundred that are. */
function policyOf(characters: number): string {
  const sized = (sid: string): string => policyText('Allow', 's3:*', { Sid: sid });
  return sized('x'.repeat(characters - sized('').length)) + ' '.repeat(100);
}

async function makePolicies(count: number): Promise<string[]> {
  const made: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: `many-${number}`, PolicyDocument: policyText('Allow', 's3:*') }),
    );
    made.push(Policy?.Arn ?? '');
  }
  return made;
}

describe('quotas', () => {
  beforeEach(async () => {
    await iam.send(new CreateUserCommand({ UserName: 'full' }));
    await iam.send(new CreateRoleCommand({ RoleName: 'full', AssumeRolePolicyDocument: trust }));
    await iam.send(new CreateGroupCommand({ GroupName: 'full' }));
  });

  it('stop the eleventh attached policy of a user, a role and a group, and not the tenth again', async () => {
    const arns = await makePolicies(11);
    const attach = {
      user: (PolicyArn: string) => iam.send(new AttachUserPolicyCommand({ UserName: 'full', PolicyArn })),
      role: (PolicyArn: string) => iam.send(new AttachRolePolicyCommand({ RoleName: 'full', PolicyArn })),
      group: (PolicyArn: string) => iam.send(new AttachGroupPolicyCommand({ GroupName: 'full', PolicyArn })),
    };

    for (const one of Object.values(attach)) for (const arn of arns.slice(0, 10)) await one(arn);

    for (const [kind, one] of Object.entries(attach)) {
      expect(await errorOf(one(arns[9] ?? '')), kind).toBe('no error');
      await expect(one(arns[10] ?? ''), kind).rejects.toThrow(new RegExp(`PoliciesPer${kind}: 10`, 'i'));
    }
    expect(lastRecordOf(range, 'AttachGroupPolicy')).toMatchObject({ errorCode: 'LimitExceededException' });
  });

  it('allow 2,048 inline characters for a user, 10,240 for a role, 5,120 for a group in all, white space not counted', async () => {
    const put = {
      user: (PolicyName: string, size: number) =>
        iam.send(new PutUserPolicyCommand({ UserName: 'full', PolicyName, PolicyDocument: policyOf(size) })),
      role: (PolicyName: string, size: number) =>
        iam.send(new PutRolePolicyCommand({ RoleName: 'full', PolicyName, PolicyDocument: policyOf(size) })),
      group: (PolicyName: string, size: number) =>
        iam.send(new PutGroupPolicyCommand({ GroupName: 'full', PolicyName, PolicyDocument: policyOf(size) })),
    };
    const sizes = { user: 2048, role: 10_240, group: 5120 };

    for (const kind of ['user', 'role', 'group'] as const) {
      expect(await errorOf(put[kind]('first', sizes[kind] - 200)), kind).toBe('no error');
      await expect(put[kind]('second', 201), kind).rejects.toThrow(`Maximum policy size of ${sizes[kind]} bytes exceeded for ${kind} full`);
      expect(await errorOf(put[kind]('second', 200)), kind).toBe('no error');
    }
  });

  it('stop the third key, the sixth version and the eleventh group', async () => {
    const [arn = ''] = await makePolicies(1);
    const key = () => iam.send(new CreateAccessKeyCommand({ UserName: 'full' }));
    const version = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: policyText('Allow', 's3:*') }));
    const join = async (number: number): Promise<void> => {
      await iam.send(new CreateGroupCommand({ GroupName: `team-${number}` }));
      await iam.send(new AddUserToGroupCommand({ GroupName: `team-${number}`, UserName: 'full' }));
    };

    for (let number = 1; number <= 2; number += 1) await key();
    for (let number = 2; number <= 5; number += 1) await version();
    for (let number = 1; number <= 10; number += 1) await join(number);

    expect([await errorOf(key()), await errorOf(version()), await errorOf(join(11))]).toEqual(Array(3).fill('LimitExceededException'));
  });
});

describe('names', () => {
  const user = (UserName: string, path: { Path?: string } = {}) => iam.send(new CreateUserCommand({ UserName, ...path }));
  const role = (RoleName: string) => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const policy = (PolicyName: string) => iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policyText('Deny', '*') }));
  const profile = (InstanceProfileName: string) => iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a user with a space', () => user('a b'), /userName is invalid/],
    ['a user of 65 characters', () => user('u'.repeat(65)), /less than or equal to 64/],
    ['a role of 65 characters', () => role('r'.repeat(65)), /less than or equal to 64/],
    ['a group of 129 characters', () => iam.send(new CreateGroupCommand({ GroupName: 'g'.repeat(129) })), /less than or equal to 128/],
    ['a policy with a slash', () => policy('a/b'), /policyName is invalid/],
    ['an instance profile with a colon', () => profile('a:b'), /instanceProfileName is invalid/],
    ['a path without its last slash', () => user('ok', { Path: '/team' }), /path is invalid/],
  ])('of %s are refused with ValidationError', async (_what, create, message) => {
    const created = create();

    await expect(created).rejects.toThrow(message);
    await expect(created).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('take every character of the grammar, and a path of several parts', async () => {
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'a_b+c=d,e.f@g-1', Path: '/people/on-call/' }));

    expect(User?.Arn).toBe(`arn:aws:iam::${range.accountId}:user/people/on-call/a_b+c=d,e.f@g-1`);
  });
});

describe('a role that AWS made', () => {
  it('cannot be changed: policies, attachments, boundary, trust, instance profile, deletion', async () => {
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'host' }));
    const RoleName = ServiceRole;
    const changes = [
      () => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'IRQuarantine-1', PolicyDocument: policyText('Deny', '*') })),
      () => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'any' })),
      () => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: AWSDenyAll })),
      () => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: AWSDenyAll })),
      () => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: AWSDenyAll })),
      () => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
      () => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust })),
      () => iam.send(new AddRoleToInstanceProfileCommand({ RoleName, InstanceProfileName: 'host' })),
      () => iam.send(new DeleteRoleCommand({ RoleName })),
    ];
    const before = range.iamState();

    const ends: string[] = [];
    for (const change of changes) ends.push(await errorOf(change()));

    expect(ends).toEqual(changes.map(() => 'UnmodifiableEntityException'));
    expect(range.iamState()).toEqual(before);
  });
});

describe('a group', () => {
  it('is deleted only when nobody is in it and nothing is on it', async () => {
    const GroupName = 'IRDeny';
    await iam.send(new CreateGroupCommand({ GroupName, Path: '/ir/' }));
    await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: 'deny', PolicyDocument: policyText('Deny', '*') }));
    await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn: AWSDenyAll }));
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName: 'ci-deploy' }));
    const drop = (): Promise<string> => errorOf(iam.send(new DeleteGroupCommand({ GroupName })));
    const { Group, Users } = await iam.send(new GetGroupCommand({ GroupName }));

    const ends = [await drop()];
    await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName: 'ci-deploy' }));
    ends.push(await drop());
    await iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn: AWSDenyAll }));
    ends.push(await drop());
    await iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName: 'deny' }));
    ends.push(await drop());

    expect(Group?.Arn).toBe(`arn:aws:iam::${range.accountId}:group/ir/IRDeny`);
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['ci-deploy']);
    expect(ends).toEqual(['DeleteConflictException', 'DeleteConflictException', 'DeleteConflictException', 'no error']);
  });

  it('stops its members with a deny that was put on it', async () => {
    await iam.send(new CreateGroupCommand({ GroupName: 'deny' }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'deny', UserName: 'ci-deploy' }));
    const works = (): Promise<string> =>
      errorOf(clientsFor(range, range.identities.leaked).iam.send(new CreateUserCommand({ UserName: 'x' })));
    const before = await works();

    await iam.send(new PutGroupPolicyCommand({ GroupName: 'deny', PolicyName: 'deny', PolicyDocument: policyText('Deny', '*') }));

    expect([before, await works()]).toEqual(['no error', 'AccessDenied']);
  });
});

it('refuses to delete users, roles and policies that still have or are something', async () => {
  await iam.send(new CreateRoleCommand({ RoleName: 'busy', AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'busy', PolicyArn: AWSDenyAll }));

  const ends = [
    await errorOf(iam.send(new DeleteUserCommand({ UserName: 'ci-deploy' }))),
    await errorOf(iam.send(new DeleteRoleCommand({ RoleName: 'busy' }))),
    await errorOf(iam.send(new DeletePolicyCommand({ PolicyArn: `arn:aws:iam::${range.accountId}:policy/build/DeployPipeline` }))),
  ];

  expect(ends).toEqual(Array(3).fill('DeleteConflictException'));
});

it.each([
  ['ConcurrentModification', 'ConcurrentModificationException'],
  ['EntityTemporarilyUnmodifiable', 'EntityTemporarilyUnmodifiableException'],
])('answers %s once through a fault, records it, and changes nothing', async (code, name) => {
  range.faults.add({ id: 'busy', match: { api: 'iam:PutUserPolicy' }, times: 1, effect: { kind: 'error', code, status: 409 } });
  const put = (): Promise<string> =>
    errorOf(iam.send(new PutUserPolicyCommand({ UserName: 'dana', PolicyName: 'deny', PolicyDocument: policyText('Deny', '*') })));
  const before = range.iamState();

  const refused = await put();
  const unchanged = range.iamState();

  expect([refused, await put()]).toEqual([name, 'no error']);
  expect(unchanged).toEqual(before);
  expect(range.recorded().filter(({ eventName }) => eventName === 'PutUserPolicy')).toMatchObject([{ errorCode: name }, {}]);
});
