import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  DescribeResourcePolicyCommand,
  DetachPolicyCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  ListTargetsForPolicyCommand,
  MoveAccountCommand,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';
import { GetAccessKeyInfoCommand } from '@aws-sdk/client-sts';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range } from '../../../src/range/index.js';
import { clientsFor, errorOf, organizationsFor, policyText } from './clients.js';
import { DATA, HUB, incidentRole, MAIN, MANAGEMENT } from './organization-fixtures.js';

let range: Range;
let organizations: ReturnType<typeof organizationsFor>;

beforeEach(async () => {
  range = await startRange({
    scenario: 'organization',
    clock: createVirtualClock(),
    propagationSeconds: { min: 0, max: 0 },
    cloudTrailDelaySeconds: { min: 0, max: 0 },
  });
  organizations = organizationsFor(range, range.accountKeys[MANAGEMENT]?.['org-admin']);
});

const scps = { Filter: 'SERVICE_CONTROL_POLICY' } as const;
const content = (length: number): string => policyText('Deny', 'iam:CreateUser').padEnd(length);
const newPolicy = async (Name: string): Promise<string> =>
  (await organizations.send(new CreatePolicyCommand({ Name, Description: '', Content: content(0), Type: scps.Filter }))).Policy
    ?.PolicySummary?.Id ?? '';

describe('the structure', () => {
  it('has four accounts, two of them in workloads, one in security, the management account on the root', async () => {
    const { Roots = [] } = await organizations.send(new ListRootsCommand({}));
    const root = Roots[0]?.Id;
    const { Accounts } = await organizations.send(new ListAccountsCommand({}));
    const { OrganizationalUnits: units = [] } = await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: root }));
    const children = await Promise.all(
      [root, ...units.map(({ Id }) => Id)].map(async (ParentId) =>
        (await organizations.send(new ListAccountsForParentCommand({ ParentId }))).Accounts?.map(({ Id }) => Id),
      ),
    );

    expect(Accounts?.map(({ Id }) => Id)).toEqual([MAIN, MANAGEMENT, HUB, DATA]);
    expect(units.map(({ Name }) => Name)).toEqual(['workloads', 'security']);
    expect(children).toEqual([[MANAGEMENT], [MAIN, DATA], [HUB]]);
    expect(range.organization).toEqual({
      id: 'o-acme012345',
      managementAccountId: MANAGEMENT,
      delegatedAccountId: HUB,
      accountIds: [MAIN, MANAGEMENT, HUB, DATA],
    });
  });

  it('moves an account to another unit, and names what is not there', async () => {
    const move = (AccountId: string, SourceParentId: string, DestinationParentId: string): Promise<unknown> =>
      organizations.send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }));

    expect(await errorOf(move('000000000000', 'r-ac01', 'ou-ac01-security'))).toBe('AccountNotFoundException');
    expect(await errorOf(move(DATA, 'r-ac01', 'ou-ac01-security'))).toBe('SourceParentNotFoundException');
    expect(await errorOf(move(DATA, 'ou-ac01-workload', 'ou-none-00000000'))).toBe('DestinationParentNotFoundException');
    expect(await errorOf(move(DATA, 'ou-ac01-workload', 'ou-ac01-security'))).toBe('no error');
    expect((await organizations.send(new ListParentsCommand({ ChildId: DATA }))).Parents).toEqual([
      { Id: 'ou-ac01-security', Type: 'ORGANIZATIONAL_UNIT' },
    ]);
    expect(await errorOf(organizations.send(new DescribeAccountCommand({ AccountId: '000000000000' })))).toBe('AccountNotFoundException');
  });
});

describe('who may call', () => {
  it('lets any member describe the organization and nothing else', async () => {
    const member = organizationsFor(range, range.identities.admin);

    expect((await member.send(new DescribeOrganizationCommand({}))).Organization?.MasterAccountId).toBe(MANAGEMENT);
    expect(await errorOf(member.send(new ListAccountsCommand({})))).toBe('AccessDeniedException');
  });

  it("lets the security account do what the organization's resource policy and its own role allow, and no more", async () => {
    const reader = organizationsFor(range, await incidentRole(range, { account: HUB, role: 'Reader' }));
    const responder = organizationsFor(range, await incidentRole(range, { account: HUB, role: 'Responder' }));
    const update = (PolicyId: string) => new UpdatePolicyCommand({ PolicyId, Content: content(0) });

    expect((await reader.send(new ListAccountsCommand({}))).Accounts).toHaveLength(4);
    expect(await errorOf(reader.send(update('p-tqquar01')))).toBe('AccessDeniedException');
    expect(await errorOf(responder.send(update('p-tqquar01')))).toBe('no error');
    expect(await errorOf(responder.send(update('p-tqguard1')))).toBe('AccessDeniedException');
    expect(await errorOf(responder.send(new AttachPolicyCommand({ PolicyId: 'p-tqquar01', TargetId: DATA })))).toBe(
      'AccessDeniedException',
    );
    expect((await reader.send(new DescribeResourcePolicyCommand({}))).ResourcePolicy?.Content).toContain('TourniquetQuarantines');
  });

  it('answers a standalone account that there is no organization', async () => {
    const alone = await startRange({ clock: createVirtualClock() });

    expect(await errorOf(organizationsFor(alone, alone.identities.admin).send(new DescribeOrganizationCommand({})))).toBe(
      'AWSOrganizationsNotInUseException',
    );
  });
});

describe('policies', () => {
  it('are the guard, the two quarantines and FullAWSAccess, attached as the templates say', async () => {
    const { Policies = [] } = await organizations.send(new ListPoliciesCommand(scps));
    const { Targets } = await organizations.send(new ListTargetsForPolicyCommand({ PolicyId: 'p-tqguard1' }));
    const ofMain = await organizations.send(new ListPoliciesForTargetCommand({ TargetId: MAIN, ...scps }));

    expect(Policies.map(({ Id, Name }) => [Id, Name])).toEqual([
      ['p-FullAWSAccess', 'FullAWSAccess'],
      ['p-tqguard1', 'TourniquetGuard'],
      ['p-tqquar01', 'TourniquetQuarantine1'],
      ['p-tqquar02', 'TourniquetQuarantine2'],
    ]);
    expect(Targets).toEqual([expect.objectContaining({ TargetId: 'r-ac01', Type: 'ROOT' })]);
    expect(ofMain.Policies?.map(({ Id }) => Id)).toEqual(['p-FullAWSAccess']);
  });

  it('are made, changed, attached, detached and deleted; the state shows it and the record stands in the management account', async () => {
    const before = range.organizationState();
    const PolicyId = await newPolicy('freeze');
    await organizations.send(new UpdatePolicyCommand({ PolicyId, Name: 'frozen', Content: content(200) }));
    await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: DATA }));
    const attached = range.organizationState()?.policies.find(({ id }) => id === PolicyId);
    const inUse = await errorOf(organizations.send(new DeletePolicyCommand({ PolicyId })));
    await organizations.send(new DetachPolicyCommand({ PolicyId, TargetId: DATA }));
    await organizations.send(new DeletePolicyCommand({ PolicyId }));

    expect(attached).toEqual({ id: PolicyId, name: 'frozen', content: content(200), targets: [DATA] });
    expect(inUse).toBe('PolicyInUseException');
    expect(range.organizationState()).toEqual(before);
    expect(await errorOf(organizations.send(new DescribePolicyCommand({ PolicyId })))).toBe('PolicyNotFoundException');
    expect(range.recorded().at(-2)).toMatchObject({
      eventSource: 'organizations.amazonaws.com',
      eventName: 'DeletePolicy',
      awsRegion: 'us-east-1',
      recipientAccountId: MANAGEMENT,
    });
  });

  it('hold 10,240 characters, white space included, and must be JSON in the language of policies', async () => {
    const update = (Content: string) => organizations.send(new UpdatePolicyCommand({ PolicyId: 'p-tqquar01', Content }));

    expect(await errorOf(update(content(10_240)))).toBe('no error');
    await expect(update(content(10_241))).rejects.toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'POLICY_CONTENT_LIMIT_EXCEEDED',
    });
    expect(await errorOf(update('{'))).toBe('MalformedPolicyDocumentException');
    expect(await errorOf(update(policyText('Deny', '*', { Principal: '*' })))).toBe('MalformedPolicyDocumentException');
  });

  it('are at most 10 on a target, at least one, and each once', async () => {
    const attach = (PolicyId: string) => organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: DATA }));
    for (let number = 1; number <= 9; number += 1) await attach(await newPolicy(`filler-${number}`));
    const tenth = await newPolicy('one-too-many');

    await expect(attach(tenth)).rejects.toMatchObject({ Reason: 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' });
    expect(await errorOf(attach('p-FullAWSAccess'))).toBe('DuplicatePolicyAttachmentException');
    expect(await errorOf(organizations.send(new DetachPolicyCommand({ PolicyId: tenth, TargetId: DATA })))).toBe(
      'PolicyNotAttachedException',
    );
    expect(await errorOf(organizations.send(new AttachPolicyCommand({ PolicyId: tenth, TargetId: '000000000000' })))).toBe(
      'TargetNotFoundException',
    );
    await expect(organizations.send(new DetachPolicyCommand({ PolicyId: 'p-FullAWSAccess', TargetId: MAIN }))).rejects.toMatchObject({
      name: 'ConstraintViolationException',
      Reason: 'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    });
    expect(await errorOf(newPolicy('filler-1'))).toBe('DuplicatePolicyException');
  });

  it('answer a concurrent change when a fault says so', async () => {
    range.faults.add({
      id: 'busy',
      match: { api: 'organizations:UpdatePolicy' },
      times: 1,
      effect: { kind: 'error', code: 'ConcurrentModificationException', status: 400 },
    });
    const update = () => organizations.send(new UpdatePolicyCommand({ PolicyId: 'p-tqquar01', Content: content(0) }));

    expect(await errorOf(update())).toBe('ConcurrentModificationException');
    expect(await errorOf(update())).toBe('no error');
  });
});

describe('several accounts', () => {
  it("keep users, records and evidence apart: LookupEvents shows only the caller's account", async () => {
    const piet = clientsFor(range, range.accountKeys[DATA]?.['admin-piet'] ?? range.identities.admin);
    const { Users = [] } = await piet.iam.send(new ListUsersCommand({}));
    const { Events = [] } = await piet.cloudtrail.send(new LookupEventsCommand({}));

    expect(Users.map(({ UserName }) => UserName)).toEqual(['admin-piet']);
    expect(Events.map(({ EventName }) => EventName)).toEqual(['ListUsers']);
    expect(range.iamState(DATA).users.map(({ name }) => name)).toEqual(['admin-piet']);
    expect(range.iamState().users.map(({ name }) => name)).toContain('ci-deploy');
    expect(() => range.iamState('000000000000')).toThrow('does not play');
  });

  it('have the keys that GetAccessKeyInfo finds, whoever asks', async () => {
    const { sts } = clientsFor(range, range.identities.admin);
    const AccessKeyId = range.accountKeys[DATA]?.['admin-piet']?.accessKeyId;

    expect((await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account).toBe(DATA);
  });

  it('show every call with its account in calls(), refused ones too', async () => {
    await errorOf(organizationsFor(range, range.identities.admin).send(new ListAccountsCommand({})));

    expect(range.calls().at(-1)).toMatchObject({
      api: 'organizations:ListAccounts',
      accountId: MAIN,
      callerArn: `arn:aws:iam::${MAIN}:user/people/admin-olga`,
      allowed: false,
      isWrite: false,
      errorCode: 'AccessDeniedException',
    });
  });
});
