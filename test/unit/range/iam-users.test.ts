import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateLoginProfileCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, lastRecordOf, policyText } from './clients.js';

const UserName = 'temp';
const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

let range: Range;
let clock: VirtualClock;
let iam: IAMClient;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 } });
  iam = clientsFor(range, range.identities.admin).iam;
});

describe('users', () => {
  it('refuses to delete a user with DeleteConflict until key, attached, inline, group and password are gone', async () => {
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policyText('Allow', 's3:*') }));
    await iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'engineers' }));
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'correct horse' }));
    const steps = [
      () => iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId })),
      () => iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
      () => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'own' })),
      () => iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName: 'engineers' })),
      () => iam.send(new DeleteLoginProfileCommand({ UserName })),
    ];

    const refusals: string[] = [];
    for (const step of steps) {
      refusals.push(await errorOf(iam.send(new DeleteUserCommand({ UserName }))));
      await step();
    }
    const deleted = await errorOf(iam.send(new DeleteUserCommand({ UserName })));

    expect(refusals).toEqual(Array.from({ length: 5 }, () => 'DeleteConflictException'));
    expect(deleted).toBe('no error');
    expect(await errorOf(iam.send(new GetUserCommand({ UserName })))).toBe('NoSuchEntityException');
  });

  it('refuses a second user of the same name, whatever its case, with EntityAlreadyExists', async () => {
    await iam.send(new CreateUserCommand({ UserName }));

    expect(await errorOf(iam.send(new CreateUserCommand({ UserName: 'TEMP' })))).toBe('EntityAlreadyExistsException');
  });

  it('records who made the user and its unique id, and LookupEvents finds that by name and by ARN', async () => {
    const { User } = await iam.send(new CreateUserCommand({ UserName }));
    await clock.advance(10_000);
    const { cloudtrail } = clientsFor(range, range.identities.responder);
    const found = async (AttributeValue: string | undefined): Promise<(string | undefined)[]> => {
      const { Events } = await cloudtrail.send(
        new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }] }),
      );
      return Events?.map(({ EventName }) => EventName) ?? [];
    };

    expect(lastRecordOf(range, 'CreateUser')).toMatchObject({
      userIdentity: { type: 'IAMUser', userName: 'admin-olga' },
      requestParameters: { userName: UserName },
      responseElements: { user: { userName: UserName, userId: User?.UserId, arn: `arn:aws:iam::${range.accountId}:user/${UserName}` } },
      readOnly: false,
    });
    expect([await found(UserName), await found(User?.Arn)]).toEqual([['CreateUser'], ['CreateUser']]);
  });

  it('records a new key by its id and never its secret', async () => {
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));

    expect(lastRecordOf(range, 'CreateAccessKey')?.responseElements).toEqual({
      accessKey: {
        userName: UserName,
        accessKeyId: AccessKey?.AccessKeyId,
        status: 'Active',
        createDate: expect.stringMatching(/^\w{3} \d+, \d{4}, /),
      },
    });
    expect(JSON.stringify(range.recorded())).not.toContain(AccessKey?.SecretAccessKey);
  });

  it('stops a new user by an inline deny, as soon as that is in force', async () => {
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument: policyText('Allow', '*') }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const own = clientsFor(range, { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' });

    const before = await errorOf(own.iam.send(new ListUsersCommand({})));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'IRQuarantine', PolicyDocument: policyText('Deny', '*') }));
    const after = await errorOf(own.iam.send(new ListUsersCommand({})));

    expect([before, after]).toEqual(['no error', 'AccessDenied']);
  });
});

describe('console passwords', () => {
  it('are made, changed, read without the password, and deleted', async () => {
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'correct horse' }));
    await iam.send(new UpdateLoginProfileCommand({ UserName, Password: 'battery staple', PasswordResetRequired: true }));
    const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName }));
    await iam.send(new DeleteLoginProfileCommand({ UserName }));

    expect(LoginProfile).toEqual({ UserName, CreateDate: expect.any(Date), PasswordResetRequired: true });
    expect(await errorOf(iam.send(new UpdateLoginProfileCommand({ UserName, Password: 'x' })))).toBe('NoSuchEntityException');
    expect(lastRecordOf(range, 'UpdateLoginProfile')).toMatchObject({ requestParameters: { userName: UserName }, responseElements: null });
    expect(JSON.stringify(range.recorded())).not.toMatch(/correct horse|battery staple/);
  });

  it('refuses a second one with EntityAlreadyExists', async () => {
    expect(await errorOf(iam.send(new CreateLoginProfileCommand({ UserName: 'dana', Password: 'x' })))).toBe(
      'EntityAlreadyExistsException',
    );
  });
});
