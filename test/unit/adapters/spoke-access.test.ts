import * as iamSdk from '@aws-sdk/client-iam';
import { DescribePolicyCommand, UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, AssumeRootCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSpokeAccess, type SdkAccess } from '../../../src/adapters/aws/access.js';
import type { AccessScope, AwsRole } from '../../../src/ports/aws-access.js';
import type { Range } from '../../../src/range/index.js';
import { aRange, clientsOf, INCIDENT_ID } from '../../fixtures/range.js';

const MEMBER = '111122223333';
const OTHER_MEMBER = '333344445555';
const HUB = '222233334444';
const EXTERNAL_ID = 'acme-tourniquet';
const ORCHESTRATOR = `arn:aws:iam::${HUB}:role/ir/Orchestrator`;
const QUARANTINE = `arn:aws:iam::${MEMBER}:policy/ir/IRQuarantine`;
const DENY_ALL = 'arn:aws:iam::aws:policy/AWSDenyAll';
const DENIED = { name: 'AccessDenied' };

let range: Range;
let access: SdkAccess;
beforeAll(async () => {
  range = await aRange({ scenario: 'organization' });
  access = open(EXTERNAL_ID);
});
afterAll(() => range.stop());

function open(externalId: string): SdkAccess {
  const { orchestrator } = range.identities;
  if (orchestrator === undefined) throw new Error('the scenario has no orchestrator');
  const organization = { externalId, orchestratorRoleArn: ORCHESTRATOR };
  return createSpokeAccess({ base: { endpoint: range.endpoint, credentials: orchestrator }, organization, nowMs: Date.now });
}

const scope = (account: string, role: AwsRole): AccessScope => ({ account, role, incidentId: INCIDENT_ID });
const responderOf = (path: string): AccessScope => ({ ...scope(MEMBER, 'Responder'), target: { arn: `arn:aws:iam::${MEMBER}:${path}` } });
const onCiDeploy = responderOf('user/automation/ci-deploy');

/** The roles of `src/deploy/aws`, opened in the organization that is built from those templates. */
describe('in an organization', () => {
  it.each([
    [MEMBER, 'Reader'],
    [MEMBER, 'Responder'],
    [MEMBER, 'Restorer'],
    [OTHER_MEMBER, 'Responder'],
    [HUB, 'Reader'],
    [HUB, 'Responder'],
  ] as const)('opens in %s the role %s in the name of the incident', async (account, role) => {
    const { Arn } = await access.sts(scope(account, role)).send(new GetCallerIdentityCommand({}));

    expect(Arn).toBe(`arn:aws:sts::${account}:assumed-role/${role}/ir-${INCIDENT_ID}-${role}`);
  });

  it('opens nothing with another external id', async () => {
    const calling = open('another').iam(scope(MEMBER, 'Reader')).send(new iamSdk.ListUsersCommand({}));

    await expect(calling).rejects.toMatchObject(DENIED);
  });

  it('is let in by no role without a source identity, or with that of somebody', async () => {
    const orchestrator = access.callerChain()[1];
    const asked = { RoleArn: `arn:aws:iam::${MEMBER}:role/ir/Reader`, RoleSessionName: 'anybody', ExternalId: EXTERNAL_ID };

    await expect(orchestrator?.send(new AssumeRoleCommand(asked))).rejects.toMatchObject(DENIED);
    await expect(orchestrator?.send(new AssumeRoleCommand({ ...asked, SourceIdentity: 'alice' }))).rejects.toMatchObject(DENIED);
    await expect(orchestrator?.send(new AssumeRoleCommand({ ...asked, SourceIdentity: 'TQ-intake' }))).resolves.toBeDefined();
  });

  it('gives the orchestrator no other role', async () => {
    const asked = { RoleArn: `arn:aws:iam::${MEMBER}:role/deploy-target`, RoleSessionName: 'anybody' };

    await expect(access.callerChain()[1]?.send(new AssumeRoleCommand(asked))).rejects.toMatchObject(DENIED);
  });
});

describe('the Responder of a member account', () => {
  const user = { UserName: 'ci-deploy' };

  it('attaches the quarantine, which an administrator cannot take off, and takes it off itself', async () => {
    const iam = access.iam(onCiDeploy);
    await iam.send(new iamSdk.AttachUserPolicyCommand({ ...user, PolicyArn: QUARANTINE }));

    const byAdmin = clientsOf(range, 'admin').iam.send(new iamSdk.DetachUserPolicyCommand({ ...user, PolicyArn: QUARANTINE }));

    await expect(byAdmin).rejects.toThrow(/explicit deny in a service control policy/);
    await iam.send(new iamSdk.DetachUserPolicyCommand({ ...user, PolicyArn: QUARANTINE }));
  });

  it('touches its target and nobody else', async () => {
    const PolicyArn = QUARANTINE;

    const calling = access.iam(onCiDeploy).send(new iamSdk.AttachUserPolicyCommand({ UserName: 'dana', PolicyArn }));

    await expect(calling).rejects.toThrow(/no session policy allows/);
  });

  it('puts a user into the deny group and out of it', async () => {
    const iam = access.iam(onCiDeploy);
    const member = { ...user, GroupName: 'IRQuarantine' };
    await iam.send(new iamSdk.AddUserToGroupCommand(member));

    const byAdmin = clientsOf(range, 'admin').iam.send(new iamSdk.RemoveUserFromGroupCommand(member));

    await expect(byAdmin).rejects.toThrow(/explicit deny in a service control policy/);
    await iam.send(new iamSdk.RemoveUserFromGroupCommand(member));
  });

  it('sets AWSDenyAll as boundary, and puts back the one that was there and no other', async () => {
    const admin = clientsOf(range, 'admin').iam;
    const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] });
    const made = await admin.send(new iamSdk.CreatePolicyCommand({ PolicyName: 'Ceiling', PolicyDocument: policyDocument }));
    const boundary = made.Policy?.Arn ?? '';
    await admin.send(new iamSdk.PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary: boundary }));
    const put = (one: AccessScope, PermissionsBoundary: string) =>
      access.iam(one).send(new iamSdk.PutUserPermissionsBoundaryCommand({ ...user, PermissionsBoundary }));

    await expect(access.iam(onCiDeploy).send(new iamSdk.DeleteUserPermissionsBoundaryCommand(user))).rejects.toMatchObject(DENIED);
    await put(onCiDeploy, DENY_ALL);
    await expect(admin.send(new iamSdk.DeleteUserPermissionsBoundaryCommand(user))).rejects.toThrow(/service control policy/);
    await expect(put(onCiDeploy, boundary)).rejects.toMatchObject(DENIED);
    await expect(put({ ...onCiDeploy, boundary }, 'arn:aws:iam::aws:policy/AdministratorAccess')).rejects.toMatchObject(DENIED);
    await put({ ...onCiDeploy, boundary }, boundary);

    const { User } = await admin.send(new iamSdk.GetUserCommand(user));
    expect(User?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(boundary);
  });

  it('makes no access and leaves the roles of incident response alone', async () => {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
    const itself = new iamSdk.PutRolePolicyCommand({ RoleName: 'Responder', PolicyName: 'more', PolicyDocument });

    await expect(access.iam(onCiDeploy).send(new iamSdk.CreateAccessKeyCommand(user))).rejects.toThrow(/explicit deny/);
    await expect(access.iam(responderOf('role/ir/Responder')).send(itself)).rejects.toThrow(/explicit deny/);
  });
});

describe('the Responder of the hub', () => {
  it('writes the two quarantine SCPs and not the guard', async () => {
    const organizations = access.organizations(scope(HUB, 'Responder'));
    const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: 'p-tqquar01' }));
    const Content = Policy?.Content ?? '';

    await organizations.send(new UpdatePolicyCommand({ PolicyId: 'p-tqquar01', Content }));

    await expect(organizations.send(new UpdatePolicyCommand({ PolicyId: 'p-tqguard1', Content }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    const reader = access.organizations(scope(HUB, 'Reader'));
    await expect(reader.send(new UpdatePolicyCommand({ PolicyId: 'p-tqquar01', Content }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('opens root of a member account to delete its credentials, and for nothing else', async () => {
    const sts = access.sts(scope(HUB, 'Responder'));
    const rootTask = (task: string) =>
      new AssumeRootCommand({
        TargetPrincipal: MEMBER,
        TaskPolicyArn: { arn: `arn:aws:iam::aws:policy/root-task/${task}` },
        DurationSeconds: 900,
      });

    const { Credentials } = await sts.send(rootTask('IAMDeleteRootUserCredentials'));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const root = access.iamWith({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });

    await expect(root.send(new iamSdk.ListAccessKeysCommand({}))).resolves.toBeDefined();
    await expect(sts.send(rootTask('IAMAuditRootUserCredentials'))).rejects.toMatchObject(DENIED);
  });
});
