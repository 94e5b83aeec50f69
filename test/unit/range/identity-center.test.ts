import { ListUsersCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  DescribeUserCommand,
  GetUserIdCommand,
  ListGroupMembershipsForMemberCommand,
  ListUsersCommand as ListPeopleCommand,
} from '@aws-sdk/client-identitystore';
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DeleteInlinePolicyFromPermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  DescribePermissionSetProvisioningStatusCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListInstancesCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionKey } from '../../../src/range/index.js';
import type { Role } from '../../../src/range/iam/model.js';
import { errorOf, policyText } from './clients.js';
import {
  ACCOUNTS,
  AUDITOR_ARN,
  DEVELOPER_ARN,
  ERIN,
  FRANK,
  INSTANCE_ARN as InstanceArn,
  organizationWorld,
  STORE_ID as IdentityStoreId,
  type OrganizationWorld,
} from './organization-world.js';

const PermissionSetArn = DEVELOPER_ARN;
/** Longer than any request takes. */
const WORK_MS = 9000;

let range: OrganizationWorld;
let sso: SSOAdminClient;

beforeEach(async () => {
  range = await organizationWorld();
  sso = range.admin(ACCOUNTS.hub).sso;
});

const lastRecord = (eventName: string) => range.world.records.findLast((record) => record.eventName === eventName);

function reservedRole(accountId: string, name: string): Role | undefined {
  const { roles } = range.world.tenants.of(accountId).account;
  return roles.list().find((role) => role.name.startsWith(`AWSReservedSSO_${name}_`));
}

function signIn(userName: string, accountId: string = ACCOUNTS.member, permissionSet = 'Developer'): SessionKey {
  return range.world.handouts.accessPortal({ userName, permissionSet, accountId, sourceIp: '198.51.100.9', userAgent: 'aws-internal/3' });
}

const works = (key: SessionKey): Promise<string> => errorOf(range.clients(key).iam.send(new ListUsersCommand({})));
const denyPerson = (id: string): string => policyText('Deny', '*', { Condition: { StringEquals: { 'identitystore:UserId': id } } });
const putInline = (InlinePolicy: string): Promise<unknown> =>
  sso.send(new PutInlinePolicyToPermissionSetCommand({ InstanceArn, PermissionSetArn, InlinePolicy }));

async function provision(target: { TargetType: 'AWS_ACCOUNT'; TargetId: string } | { TargetType: 'ALL_PROVISIONED_ACCOUNTS' }) {
  const { PermissionSetProvisioningStatus: status } = await sso.send(
    new ProvisionPermissionSetCommand({ InstanceArn, PermissionSetArn, ...target }),
  );
  return status;
}

async function statusOf(ProvisionPermissionSetRequestId: string | undefined): Promise<string | undefined> {
  const { PermissionSetProvisioningStatus: status } = await sso.send(
    new DescribePermissionSetProvisioningStatusCommand({ InstanceArn, ProvisionPermissionSetRequestId }),
  );
  return status?.Status;
}

describe('Identity Center', () => {
  it('answers the delegated and the management account, in its region, and nobody else', async () => {
    const instances = async (account: string, region?: string): Promise<string | undefined> =>
      (await range.admin(account, region).sso.send(new ListInstancesCommand({}))).Instances?.[0]?.InstanceArn;
    const sets = (account: string): Promise<string> =>
      errorOf(range.admin(account).sso.send(new ListPermissionSetsCommand({ InstanceArn })));

    expect([await instances(ACCOUNTS.hub), await instances(ACCOUNTS.management)]).toEqual([InstanceArn, InstanceArn]);
    expect([await instances(ACCOUNTS.member), await instances(ACCOUNTS.hub, 'eu-west-1')]).toEqual([undefined, undefined]);
    expect([await sets(ACCOUNTS.management), await sets(ACCOUNTS.member)]).toEqual(['no error', 'AccessDeniedException']);
    expect(lastRecord('ListPermissionSets')).toMatchObject({ eventSource: 'sso.amazonaws.com', errorCode: 'AccessDenied' });
  });

  it('needs sso permissions too', async () => {
    const { account } = range.world;
    const dana = account.credentials.all().find(({ bearer }) => bearer.kind === 'user' && bearer.user.name === 'dana');
    const keys = { accessKeyId: dana?.accessKeyId ?? '', secretAccessKey: dana?.secretAccessKey ?? '' };

    await expect(range.clients(keys).sso.send(new ListInstancesCommand({}))).rejects.toThrow(/perform: sso:ListInstances/);
  });

  it('lists permission sets and describes them', async () => {
    const { PermissionSets } = await sso.send(new ListPermissionSetsCommand({ InstanceArn }));
    const { PermissionSet } = await sso.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn }));
    const managed = await sso.send(new ListManagedPoliciesInPermissionSetCommand({ InstanceArn, PermissionSetArn }));

    expect(PermissionSets).toEqual([DEVELOPER_ARN, AUDITOR_ARN]);
    expect(PermissionSet).toMatchObject({ Name: 'Developer', SessionDuration: 'PT4H', PermissionSetArn });
    expect(managed.AttachedManagedPolicies).toEqual([{ Name: 'ReadOnlyAccess', Arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }]);
    expect(
      await errorOf(sso.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: DEVELOPER_ARN.replace(/1$/, '9') }))),
    ).toBe('ResourceNotFoundException');
  });

  it('lists where a permission set is, what an account has, and who may use it', async () => {
    const accounts = await sso.send(new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn, PermissionSetArn }));
    const sets = await sso.send(new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn, AccountId: ACCOUNTS.member }));
    const there = await sso.send(new ListAccountAssignmentsCommand({ InstanceArn, PermissionSetArn, AccountId: ACCOUNTS.member }));
    const his = await sso.send(
      new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalId: ERIN, PrincipalType: 'USER', MaxResults: 1 }),
    );
    const rest = await sso.send(
      new ListAccountAssignmentsForPrincipalCommand({ InstanceArn, PrincipalId: ERIN, PrincipalType: 'USER', NextToken: his.NextToken }),
    );

    expect(accounts.AccountIds).toEqual([ACCOUNTS.member, ACCOUNTS.other]);
    expect(sets.PermissionSets).toEqual([DEVELOPER_ARN]);
    expect(there.AccountAssignments?.map(({ PrincipalId }) => PrincipalId)).toEqual([ERIN, FRANK]);
    expect([his, rest].map(({ AccountAssignments }) => AccountAssignments?.[0]?.AccountId)).toEqual([ACCOUNTS.member, ACCOUNTS.other]);
  });
});

describe('the identity store', () => {
  it('finds people by id and by user name, and hides names in CloudTrail', async () => {
    const { store } = range.admin(ACCOUNTS.hub);
    const byId = await store.send(new DescribeUserCommand({ IdentityStoreId, UserId: ERIN }));
    const AlternateIdentifier = { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'frank' } };
    const byName = await store.send(new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier }));
    const listed = await store.send(
      new ListPeopleCommand({ IdentityStoreId, Filters: [{ AttributePath: 'UserName', AttributeValue: 'erin' }] }),
    );
    const memberships = await store.send(new ListGroupMembershipsForMemberCommand({ IdentityStoreId, MemberId: { UserId: ERIN } }));

    expect(byId).toMatchObject({ UserName: 'erin', DisplayName: 'Erin Example', UserStatus: 'ENABLED' });
    expect(byName.UserId).toBe(FRANK);
    expect(listed.Users?.map(({ UserId }) => UserId)).toEqual([ERIN]);
    expect(memberships.GroupMemberships).toEqual([]);
    expect(lastRecord('GetUserId')).toMatchObject({
      eventSource: 'identitystore.amazonaws.com',
      requestParameters: { alternateIdentifier: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    });
  });

  it('knows no strangers, no other store, and no callers from elsewhere', async () => {
    const { store } = range.admin(ACCOUNTS.hub);
    const UserId = ERIN.replace(/1$/, '9');
    const ends = [
      await errorOf(store.send(new DescribeUserCommand({ IdentityStoreId, UserId }))),
      await errorOf(store.send(new DescribeUserCommand({ IdentityStoreId: 'd-0000000000', UserId: ERIN }))),
      await errorOf(range.admin(ACCOUNTS.member).store.send(new DescribeUserCommand({ IdentityStoreId, UserId: ERIN }))),
    ];

    expect(ends).toEqual(['ResourceNotFoundException', 'ResourceNotFoundException', 'AccessDeniedException']);
  });
});

describe('a reserved role', () => {
  it('is in each account with the policies of its permission set, under the reserved path', () => {
    const roles = [ACCOUNTS.member, ACCOUNTS.other].map((account) => reservedRole(account, 'Developer'));

    for (const role of roles) {
      expect(role?.name).toMatch(/^AWSReservedSSO_Developer_[0-9a-f]{16}$/);
      expect(role?.path).toBe('/aws-reserved/sso.amazonaws.com/');
      expect(role?.attached.seen().map(([arn]) => arn)).toEqual(['arn:aws:iam::aws:policy/ReadOnlyAccess']);
    }
    expect(roles[0]?.name).not.toBe(roles[1]?.name);
  });

  it('cannot be changed through IAM', async () => {
    const RoleName = reservedRole(ACCOUNTS.member, 'Developer')?.name;
    const put = new PutRolePolicyCommand({ RoleName, PolicyName: 'IRQuarantine-1', PolicyDocument: policyText('Deny', '*') });

    expect(await errorOf(range.admin(ACCOUNTS.member).iam.send(put))).toBe('UnmodifiableEntityException');
  });
});

describe('a person at the access portal', () => {
  it('gets a session of the reserved role for as long as the permission set says, told as AssumeRoleWithSAML', async () => {
    const key = signIn('erin');
    const role = reservedRole(ACCOUNTS.member, 'Developer');
    const { Arn } = await range.clients(key).sts.send(new GetCallerIdentityCommand({}));

    expect(Arn).toBe(`arn:aws:sts::${ACCOUNTS.member}:assumed-role/${role?.name}/erin`);
    expect(Date.parse(key.expiresAt) - range.clock.now()).toBe(4 * 3_600_000);
    expect(await works(key)).toBe('no error');
    expect(lastRecord('AssumeRoleWithSAML')).toMatchObject({
      recipientAccountId: ACCOUNTS.member,
      userIdentity: { type: 'SAMLUser', userName: 'erin', principalId: expect.stringMatching(/=:erin$/) },
      requestParameters: { roleArn: role?.arn, roleSessionName: 'erin', principalArn: expect.stringContaining('saml-provider/AWSSSO_') },
      responseElements: { credentials: { accessKeyId: key.accessKeyId } },
    });
  });

  it('gets nothing without an assignment', () => {
    expect(() => signIn('frank', ACCOUNTS.other)).toThrow(/no assignment/);
    expect(() => signIn('nobody')).toThrow(/no assignment/);
  });
});

describe('an inline policy of a permission set', () => {
  it('reaches no account before it is provisioned, and then denies one person and not the other', async () => {
    const [erin, frank] = [signIn('erin'), signIn('frank')];
    await putInline(denyPerson(ERIN));
    await range.clock.advance(WORK_MS);
    const before = await works(erin);

    const status = await provision({ TargetType: 'AWS_ACCOUNT', TargetId: ACCOUNTS.member });
    const during = await works(erin);
    await range.clock.advance(WORK_MS);

    expect(status).toMatchObject({ Status: 'IN_PROGRESS', AccountId: ACCOUNTS.member, PermissionSetArn });
    expect([before, during]).toEqual(['no error', 'no error']);
    expect(await statusOf(status?.RequestId)).toBe('SUCCEEDED');
    expect([await works(erin), await works(frank)]).toEqual(['AccessDenied', 'no error']);
    expect(await works(signIn('erin', ACCOUNTS.other))).toBe('no error');
  });

  it('is enforced only after the propagation that follows the provisioning', async () => {
    range = await organizationWorld({ min: 60, max: 60 });
    sso = range.admin(ACCOUNTS.hub).sso;
    const erin = signIn('erin');
    await putInline(denyPerson(ERIN));
    const status = await provision({ TargetType: 'ALL_PROVISIONED_ACCOUNTS' });
    await range.clock.advance(WORK_MS);

    const seen = [await statusOf(status?.RequestId), await works(erin)];
    await range.clock.advance(60_000);

    expect(seen).toEqual(['SUCCEEDED', 'no error']);
    expect([await works(erin), await works(signIn('erin', ACCOUNTS.other))]).toEqual(['AccessDenied', 'AccessDenied']);
  });

  it('is read back, taken away again and provisioned away', async () => {
    const read = async (): Promise<string | undefined> =>
      (await sso.send(new GetInlinePolicyForPermissionSetCommand({ InstanceArn, PermissionSetArn }))).InlinePolicy;
    const remove = (): Promise<unknown> => sso.send(new DeleteInlinePolicyFromPermissionSetCommand({ InstanceArn, PermissionSetArn }));
    const erin = signIn('erin');
    await putInline(denyPerson(ERIN));
    const put = await read();
    await provision({ TargetType: 'ALL_PROVISIONED_ACCOUNTS' });
    await range.clock.advance(WORK_MS);
    const denied = await works(erin);

    await remove();
    await provision({ TargetType: 'ALL_PROVISIONED_ACCOUNTS' });
    await range.clock.advance(WORK_MS);

    expect([put, await read()]).toEqual([denyPerson(ERIN), '']);
    expect([denied, await works(erin)]).toEqual(['AccessDenied', 'no error']);
    expect(await errorOf(remove())).toBe('ResourceNotFoundException');
  });

  it('that is no policy is refused with ValidationException', async () => {
    expect(await errorOf(putInline('{"Version":"2012-10-17"'))).toBe('ValidationException');
    expect(await errorOf(putInline(policyText('Allow', 's3:*', { Sid: 'x'.repeat(33_000) })))).toBe('ValidationException');
  });

  it('makes the accounts show that they have an older version until it is provisioned', async () => {
    const behind = async (): Promise<string[] | undefined> => {
      const ProvisioningStatus = 'LATEST_PERMISSION_SET_NOT_PROVISIONED';
      return (await sso.send(new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn, PermissionSetArn, ProvisioningStatus })))
        .AccountIds;
    };
    const seen = [await behind()];
    await putInline(denyPerson(ERIN));
    seen.push(await behind());
    await provision({ TargetType: 'AWS_ACCOUNT', TargetId: ACCOUNTS.member });
    await range.clock.advance(WORK_MS);
    seen.push(await behind());

    expect(seen).toEqual([[], [ACCOUNTS.member, ACCOUNTS.other], [ACCOUNTS.other]]);
  });
});

describe('provisioning', () => {
  it('is refused where the permission set is not, and while another request is at work there', async () => {
    const nowhere = await errorOf(provision({ TargetType: 'AWS_ACCOUNT', TargetId: ACCOUNTS.hub }));
    await provision({ TargetType: 'AWS_ACCOUNT', TargetId: ACCOUNTS.member });
    const [same, other] = [
      await errorOf(provision({ TargetType: 'ALL_PROVISIONED_ACCOUNTS' })),
      await errorOf(provision({ TargetType: 'AWS_ACCOUNT', TargetId: ACCOUNTS.other })),
    ];

    expect([nowhere, same, other]).toEqual(['ResourceNotFoundException', 'ConflictException', 'no error']);
    expect(await errorOf(statusOf('00000000-0000-4000-8000-000000000000'))).toBe('ResourceNotFoundException');
  });
});

describe('an account assignment', () => {
  const assignment = (accountId: string, PrincipalId: string, set = DEVELOPER_ARN) =>
    ({ InstanceArn, PermissionSetArn: set, TargetId: accountId, TargetType: 'AWS_ACCOUNT', PrincipalType: 'USER', PrincipalId }) as const;

  it('is made in the background, with the role where there was none', async () => {
    const input = assignment(ACCOUNTS.other, FRANK, AUDITOR_ARN);
    const { AccountAssignmentCreationStatus: begun } = await sso.send(new CreateAccountAssignmentCommand(input));
    const early = reservedRole(ACCOUNTS.other, 'Auditor');
    await range.clock.advance(WORK_MS);

    const { AccountAssignmentCreationStatus: ended } = await sso.send(
      new DescribeAccountAssignmentCreationStatusCommand({ InstanceArn, AccountAssignmentCreationRequestId: begun?.RequestId }),
    );

    expect([begun?.Status, ended?.Status]).toEqual(['IN_PROGRESS', 'SUCCEEDED']);
    expect(early).toBeUndefined();
    expect(await works(signIn('frank', ACCOUNTS.other, 'Auditor'))).toBe('no error');
    expect(await errorOf(sso.send(new CreateAccountAssignmentCommand(input)))).toBe('ConflictException');
    expect(lastRecord('CreateAccountAssignment')).toMatchObject({ recipientAccountId: ACCOUNTS.hub, errorCode: 'ConflictException' });
  });

  it('that is deleted lets nobody in again, but a session of before lives on while others have the role', async () => {
    const erin = signIn('erin');
    const { AccountAssignmentDeletionStatus: begun } = await sso.send(
      new DeleteAccountAssignmentCommand(assignment(ACCOUNTS.member, ERIN)),
    );
    await range.clock.advance(WORK_MS);

    const { AccountAssignmentDeletionStatus: ended } = await sso.send(
      new DescribeAccountAssignmentDeletionStatusCommand({ InstanceArn, AccountAssignmentDeletionRequestId: begun?.RequestId }),
    );

    expect([begun?.Status, ended?.Status]).toEqual(['IN_PROGRESS', 'SUCCEEDED']);
    expect(() => signIn('erin')).toThrow(/no assignment/);
    expect(await works(erin)).toBe('no error');
    expect(await works(signIn('frank'))).toBe('no error');
  });

  it('that was the last one takes the role out of the account', async () => {
    const erin = signIn('erin', ACCOUNTS.other);
    await sso.send(new DeleteAccountAssignmentCommand(assignment(ACCOUNTS.other, ERIN)));
    await range.clock.advance(WORK_MS);

    const { AccountIds } = await sso.send(new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn, PermissionSetArn }));

    expect(AccountIds).toEqual([ACCOUNTS.member]);
    expect(reservedRole(ACCOUNTS.other, 'Developer')).toBeUndefined();
    expect(await works(erin)).toBe('InvalidClientTokenId');
    expect(await errorOf(sso.send(new DeleteAccountAssignmentCommand(assignment(ACCOUNTS.other, ERIN))))).toBe('ResourceNotFoundException');
  });

  it('stops at once when the range stops', async () => {
    await sso.send(new CreateAccountAssignmentCommand(assignment(ACCOUNTS.other, FRANK)));

    range.world.identityCenter?.stop();
    await range.clock.advance(WORK_MS);

    expect(() => signIn('frank', ACCOUNTS.other)).toThrow(/no assignment/);
  });
});
