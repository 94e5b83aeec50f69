import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  GenerateCredentialReportCommand,
  GetAccountSummaryCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListMFADevicesCommand,
  ListSigningCertificatesCommand,
  ListUsersCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, AssumeRootCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, fromSts, lastRecordOf, type TestClients, type TestCredentials } from './clients.js';
import { DATA, incidentRole, HUB, MAIN, MANAGEMENT } from './organization-fixtures.js';

const DELETE_TASK = 'arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials';
const AUDIT_TASK = 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials';

let range: Range;
let clock: VirtualClock;

beforeEach(async () => {
  clock = createVirtualClock();
  const none = { min: 0, max: 0 };
  range = await startRange({ scenario: 'organization', clock, propagationSeconds: none, cloudTrailDelaySeconds: none });
});

function rootOf(account: string): TestCredentials {
  const key = range.rootKeys[account];
  if (key === undefined) throw new Error(`root of ${account} has no key`);
  return key;
}

async function assumeRoot(credentials: TestCredentials | undefined, { target = DATA, task = DELETE_TASK } = {}): Promise<TestClients> {
  if (credentials === undefined) throw new Error('nobody asks');
  const command = new AssumeRootCommand({ TargetPrincipal: target, TaskPolicyArn: { arn: task } });
  return clientsFor(range, fromSts((await clientsFor(range, credentials).sts.send(command)).Credentials));
}

describe("a member's root", () => {
  it('may do everything with its key, is recorded as Root, and may not assume roles', async () => {
    const { iam, sts } = clientsFor(range, rootOf(DATA));
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    const assume = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${DATA}:role/cross-deploy`, RoleSessionName: 'root' });

    expect(identity).toMatchObject({ Account: DATA, UserId: DATA, Arn: `arn:aws:iam::${DATA}:root` });
    expect(await errorOf(iam.send(new ListUsersCommand({})))).toBe('no error');
    expect(lastRecordOf(range, 'ListUsers')?.userIdentity).toEqual({
      type: 'Root',
      principalId: DATA,
      arn: `arn:aws:iam::${DATA}:root`,
      accountId: DATA,
      accessKeyId: rootOf(DATA).accessKeyId,
    });
    expect(await errorOf(sts.send(assume))).toBe('AccessDenied');
    expect((await iam.send(new GetUserCommand({}))).User?.Arn).toBe(`arn:aws:iam::${DATA}:root`);
  });

  it('gets sessions of an hour at most', async () => {
    const { sts } = clientsFor(range, rootOf(DATA));

    expect(await errorOf(sts.send(new GetSessionTokenCommand({ DurationSeconds: 3601 })))).toBe('ValidationError');
    expect(await errorOf(sts.send(new GetSessionTokenCommand({})))).toBe('no error');
  });

  it('acts on its own key when it names no user: inactive, then it is refused', async () => {
    const { iam } = clientsFor(range, rootOf(DATA));
    const { AccessKeyMetadata: [key] = [] } = await iam.send(new ListAccessKeysCommand({}));
    await iam.send(new UpdateAccessKeyCommand({ AccessKeyId: key?.AccessKeyId, Status: 'Inactive' }));

    expect(key).toMatchObject({ AccessKeyId: rootOf(DATA).accessKeyId, Status: 'Active' });
    expect(await errorOf(iam.send(new ListAccessKeysCommand({})))).toBe('InvalidClientTokenId');
  });

  it('is counted in the summary of its account', async () => {
    const summary = async (credentials: TestCredentials | undefined) =>
      (await clientsFor(range, credentials ?? rootOf(DATA)).iam.send(new GetAccountSummaryCommand({}))).SummaryMap;

    expect(await summary(range.accountKeys[DATA]?.['admin-piet'])).toMatchObject({
      AccountAccessKeysPresent: 1,
      AccountPasswordPresent: 1,
      AccountMFAEnabled: 0,
    });
    expect(await summary(range.identities.admin)).toMatchObject({
      AccountAccessKeysPresent: 0,
      AccountPasswordPresent: 1,
      AccountMFAEnabled: 1,
    });
  });
});

describe('AssumeRoot', () => {
  it('from the security account deletes key, password and MFA of a member, and nothing else', async () => {
    const responder = await incidentRole(range, { account: HUB, role: 'Responder' });
    const { iam } = await assumeRoot(responder);
    const { AccessKeyMetadata: keys = [] } = await iam.send(new ListAccessKeysCommand({}));
    await iam.send(new DeleteAccessKeyCommand({ AccessKeyId: keys[0]?.AccessKeyId }));
    await iam.send(new GetLoginProfileCommand({}));
    await iam.send(new DeleteLoginProfileCommand({}));
    const { Certificates: certificates } = await iam.send(new ListSigningCertificatesCommand({}));
    const root = clientsFor(range, rootOf(DATA)).iam;

    expect(await errorOf(iam.send(new GetLoginProfileCommand({})))).toBe('NoSuchEntityException');
    expect((await iam.send(new ListMFADevicesCommand({}))).MFADevices).toEqual([]);
    expect(certificates).toEqual([]);
    expect(await errorOf(root.send(new ListUsersCommand({})))).toBe('InvalidClientTokenId');
    expect(await errorOf(iam.send(new ListUsersCommand({})))).toBe('AccessDenied');
    expect(await errorOf(iam.send(new ListAccessKeysCommand({ UserName: 'admin-piet' })))).toBe('AccessDenied');
    expect(await errorOf(iam.send(new GenerateCredentialReportCommand({})))).toBe('AccessDenied');
  });

  it('deactivates an MFA device', async () => {
    const { iam } = await assumeRoot(await incidentRole(range, { account: HUB, role: 'Responder' }), { target: MAIN });
    const { MFADevices: [device] = [] } = await iam.send(new ListMFADevicesCommand({}));

    await iam.send(new DeactivateMFADeviceCommand({ SerialNumber: device?.SerialNumber, UserName: undefined }));

    expect((await iam.send(new ListMFADevicesCommand({}))).MFADevices).toEqual([]);
  });

  it('for an audit only reads', async () => {
    const { iam } = await assumeRoot(range.accountKeys[MANAGEMENT]?.['org-admin'], { task: AUDIT_TASK });
    const { AccessKeyMetadata: keys = [] } = await iam.send(new ListAccessKeysCommand({}));

    expect(keys).toHaveLength(1);
    expect((await iam.send(new GetAccountSummaryCommand({}))).SummaryMap?.['AccountAccessKeysPresent']).toBe(1);
    expect(await errorOf(iam.send(new DeleteAccessKeyCommand({ AccessKeyId: keys[0]?.AccessKeyId })))).toBe('AccessDenied');
  });

  it('ends after 15 minutes', async () => {
    const { iam } = await assumeRoot(range.accountKeys[MANAGEMENT]?.['org-admin']);
    await clock.advance(15 * 60_000);

    expect(await errorOf(iam.send(new ListAccessKeysCommand({})))).toBe('ExpiredToken');
  });

  it("is refused to members, for the management account, and for a task that the caller's policy or AWS does not have", async () => {
    const responder = await incidentRole(range, { account: HUB, role: 'Responder' });
    const manager = range.accountKeys[MANAGEMENT]?.['org-admin'];

    expect(await errorOf(assumeRoot(range.identities.admin))).toBe('AccessDenied');
    expect(await errorOf(assumeRoot(manager, { target: MANAGEMENT }))).toBe('AccessDenied');
    expect(await errorOf(assumeRoot(responder, { task: AUDIT_TASK }))).toBe('AccessDenied');
    expect(await errorOf(assumeRoot(manager, { task: 'arn:aws:iam::aws:policy/AdministratorAccess' }))).toBe('AccessDenied');
  });

  it('is recorded where it was asked, with the child key; the session shows in the member as Root with assumedRoot', async () => {
    const { iam } = await assumeRoot(await incidentRole(range, { account: HUB, role: 'Responder' }));
    const before = range.recorded().at(-1);
    await iam.send(new ListAccessKeysCommand({}));

    const used = lastRecordOf(range, 'ListAccessKeys');
    expect(before).toMatchObject({
      eventName: 'AssumeRoot',
      recipientAccountId: HUB,
      readOnly: true,
      requestParameters: { targetPrincipal: DATA, taskPolicyArn: { arn: DELETE_TASK } },
      responseElements: { credentials: { accessKeyId: used?.userIdentity.accessKeyId }, sourceIdentity: 'INC-20261122-ABCDEFGH' },
    });
    expect(used).toMatchObject({
      recipientAccountId: DATA,
      userIdentity: { type: 'Root', accountId: DATA, sessionContext: { assumedRoot: 'true' } },
    });
  });
});
