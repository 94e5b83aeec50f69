import { DescribeTrailsCommand, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  ListUsersCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetFederationTokenCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, fromSts, lastRecordOf, observersFor, policyText, trustText, type TestClients } from './clients.js';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';

const OUTSIDE = '999988887777';

let range: Range;
let clock: VirtualClock;
let iam: IAMClient;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 }, cloudTrailDelaySeconds: { min: 0, max: 0 } });
  iam = clientsFor(range, range.identities.admin).iam;
});

async function makeRole(RoleName: string, principal: string): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustText({ AWS: principal }), MaxSessionDuration: 43_200 }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
  return Role?.Arn ?? '';
}

/** The account itself. */
const own = (): string => `arn:aws:iam::${range.accountId}:root`;

async function assume(
  sts: TestClients['sts'],
  input: Pick<AssumeRoleCommandInput, 'RoleArn'> & Partial<AssumeRoleCommandInput>,
): Promise<TestClients> {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleSessionName: 'night', ...input }));
  return clientsFor(range, fromSts(Credentials));
}

describe('a principal of another account', () => {
  it.each([['arn:aws:iam::999988887777:root'], ['arn:aws:iam::999988887777:user/ops'], ['999988887777'], ['*']])(
    "assumes a role that trusts %s, and acts with the role's rights",
    async (principal) => {
      const { sts } = clientsFor(range, range.identities.outsider);
      const session = await assume(sts, { RoleArn: await makeRole('open', principal) });

      expect((await session.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
        `arn:aws:sts::${range.accountId}:assumed-role/open/night`,
      );
      expect(await errorOf(session.iam.send(new ListUsersCommand({})))).toBe('no error');
    },
  );

  it('is recorded as AWSAccount with a sharedEventID, without ARN and key, and is found by the key it got', async () => {
    const { sts } = clientsFor(range, range.identities.outsider);
    const RoleArn = await makeRole('open', `arn:aws:iam::${OUTSIDE}:root`);
    const { Credentials, AssumedRoleUser } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'sync' }));
    const { cloudtrail } = clientsFor(range, range.identities.responder);
    const LookupAttributes = [{ AttributeKey: 'ResourceName', AttributeValue: Credentials?.AccessKeyId }] as const;
    const { Events } = await cloudtrail.send(new LookupEventsCommand({ LookupAttributes: [...LookupAttributes] }));

    const record = lastRecordOf(range, 'AssumeRole');

    expect(record?.userIdentity).toEqual({ type: 'AWSAccount', principalId: 'AIDAOUTSIDEOUTSIDE222', accountId: OUTSIDE });
    expect(record).toMatchObject({
      readOnly: true,
      sharedEventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resources: [{ accountId: range.accountId, type: 'AWS::IAM::Role', ARN: RoleArn }],
      responseElements: {
        credentials: { accessKeyId: Credentials?.AccessKeyId, sessionToken: Credentials?.SessionToken },
        assumedRoleUser: { assumedRoleId: AssumedRoleUser?.AssumedRoleId, arn: AssumedRoleUser?.Arn },
      },
    });
    expect(Events).toEqual([expect.objectContaining({ EventName: 'AssumeRole', EventId: record?.eventID })]);
  });

  it('is refused other roles and everything else, and leaves no record of that here', async () => {
    const { sts, iam: theirIam } = clientsFor(range, range.identities.outsider);
    await makeRole('closed', own());
    const before = range.recorded().length;

    const identity = await sts.send(new GetCallerIdentityCommand({}));

    expect(identity).toMatchObject({ Account: OUTSIDE, Arn: `arn:aws:iam::${OUTSIDE}:user/ops` });
    await expect(assume(sts, { RoleArn: `arn:aws:iam::${range.accountId}:role/closed` })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume(sts, { RoleArn: `arn:aws:iam::${range.accountId}:role/OrganizationAccountAccessRole` })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    expect(await errorOf(theirIam.send(new ListUsersCommand({})))).toBe('AccessDenied');
    expect(range.recorded().length).toBe(before);
  });
});

describe('a role session', () => {
  it('lasts at most an hour when it was assumed by another role session', async () => {
    const RoleArn = await makeRole('chained', own());
    const first = await assume(clientsFor(range, range.identities.admin).sts, { RoleArn, DurationSeconds: 7200 });

    expect(await errorOf(first.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'two', DurationSeconds: 3601 })))).toBe(
      'ValidationError',
    );
    expect(await errorOf(first.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'two', DurationSeconds: 3600 })))).toBe(
      'no error',
    );
    expect(lastRecordOf(range, 'AssumeRole')?.userIdentity).toMatchObject({
      type: 'AssumedRole',
      principalId: expect.stringMatching(/^AROA[A-Z2-7]{17}:night$/),
      sessionContext: { sessionIssuer: { type: 'Role', arn: RoleArn, userName: 'chained' } },
    });
  });

  it('hands its source identity down the chain and cannot change it', async () => {
    const RoleArn = await makeRole('chained', own());
    const Statement = [{ Effect: 'Allow', Principal: { AWS: own() }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }];
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'chained', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
    const first = await assume(clientsFor(range, range.identities.admin).sts, { RoleArn, SourceIdentity: 'olga' });

    const second = await assume(first.sts, { RoleArn });
    await second.iam.send(new ListUsersCommand({}));

    expect(lastRecordOf(range, 'ListUsers')?.userIdentity.sessionContext?.sourceIdentity).toBe('olga');
    await expect(assume(first.sts, { RoleArn, SourceIdentity: 'dana' })).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('is narrowed by a session policy, given as text or as ARN', async () => {
    const { sts } = clientsFor(range, range.identities.admin);
    const RoleArn = await makeRole('narrow', own());
    const byText = await assume(sts, { RoleArn, Policy: policyText('Allow', 'cloudtrail:*') });
    const byArn = await assume(sts, { RoleArn, PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' }] });

    const tried = async ({ iam: theirs, cloudtrail }: TestClients): Promise<string[]> => [
      await errorOf(theirs.send(new ListUsersCommand({}))),
      await errorOf(cloudtrail.send(new DescribeTrailsCommand({}))),
    ];

    expect(await tried(byText)).toEqual(['AccessDenied', 'no error']);
    expect(await tried(byArn)).toEqual(['no error', 'AccessDeniedException']);
  });
});

describe('a federated session', () => {
  it("has what the user and its policy both allow, ends with the user's deny, and is recorded by its issuer", async () => {
    const { sts } = clientsFor(range, range.identities.admin);
    const { Credentials, FederatedUser } = await sts.send(
      new GetFederationTokenCommand({ Name: 'guest', Policy: policyText('Allow', 'ec2:*') }),
    );
    const { ec2 } = observersFor(range, fromSts(Credentials));

    expect(await errorOf(ec2.send(new DescribeInstancesCommand({})))).toBe('no error');
    expect(await errorOf(clientsFor(range, fromSts(Credentials)).cloudtrail.send(new DescribeTrailsCommand({})))).toBe(
      'AccessDeniedException',
    );
    expect(FederatedUser?.Arn).toBe(`arn:aws:sts::${range.accountId}:federated-user/guest`);
    expect(lastRecordOf(range, 'DescribeInstances')?.userIdentity).toMatchObject({
      type: 'FederatedUser',
      sessionContext: { sessionIssuer: { type: 'IAMUser', userName: 'admin-olga' } },
    });
  });
});
