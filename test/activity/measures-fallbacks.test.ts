import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MeasureName } from '../../src/contracts/plan.js';
import { denySessionName } from '../../src/domain/planning/measure-calls.js';
import type { Principal } from '../../src/contracts/principal.js';
import { type Containment, failureOf, run } from '../fixtures/activities.js';
import { allowing, aFullUser, aRole, giveCredentials, trusting } from '../fixtures/iam-things.js';
import { bareMeasures, type ContractRow, holdsTheContract } from '../fixtures/measure-contract.js';
import { plannedFor, resolved, signedUndo, signedWrite } from '../fixtures/organization-acts.js';
import { anOrganizationRig, clientsWith, MAIN, type OrganizationRig } from '../fixtures/organization-rig.js';
import { stateOf } from '../fixtures/organization-state.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const ARN = `arn:aws:iam::${MAIN}`;
const OUTSIDE = 'arn:aws:iam::999988887777:root';
const QUARANTINE = `${ARN}:policy/ir/IRQuarantine`;
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const DENY_GROUP = 'IRQuarantine';
/** The attached policies that a user or role may have by default (IAM quotas). */
const ATTACHED_QUOTA = 10;

let rig: OrganizationRig;
let made = 0;
beforeAll(async () => {
  rig = await anOrganizationRig();
});
afterAll(() => rig.close());

const admin = () => clientsWith(rig.range, rig.range.identities.admin);
const freshName = (text: string): string => `${text}-${(made += 1)}`;

/** Another incident's session on the same principal: the SCP guard lets nobody else touch what incident response put. */
const otherIncident = (principal: Principal) =>
  rig.access.iam({ account: principal.account, role: 'Responder', incidentId: 'INC-20261122-OTHEROTH', target: principal });

async function aUser(): Promise<string> {
  const name = freshName('user');
  await aFullUser(admin().iam, name);
  return name;
}

const plannedUser = async (name: string): Promise<Containment> => plannedFor(rig, await resolved(rig, `${ARN}:user/${name}`));
const plannedRole = async (name: string, session?: string): Promise<Containment> =>
  plannedFor(rig, await resolved(rig, `${ARN}:role/${name}`, session));

const user = async (): Promise<Containment> => plannedUser(await aUser());
const role = async (): Promise<Containment> => {
  const name = freshName('role');
  await aRole(admin().iam, name, OUTSIDE);
  return plannedRole(name);
};

/** Ten policies of their own and no room for another character inline. */
async function fill(name: string): Promise<void> {
  const { iam } = admin();
  await iam.send(new DetachUserPolicyCommand({ UserName: name, PolicyArn: READ_ONLY }));
  for (let index = 0; index < ATTACHED_QUOTA; index += 1) {
    const PolicyName = `${name}-own-${index}`;
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: allowing('s3:GetObject') }));
    await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: Policy?.Arn }));
  }
  await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'long', PolicyDocument: allowing(`s3:${'Get'.repeat(600)}`) }));
}

async function fullUser(): Promise<string> {
  const name = await aUser();
  await fill(name);
  return name;
}

const versionsOf = (target: string) =>
  admin().iam.send(new CreatePolicyVersionCommand({ PolicyArn: target, PolicyDocument: allowing('s3:ListBucket'), SetAsDefault: true }));

const ofUser: Omit<ContractRow, 'measure' | 'apis' | 'undoApis'> = { on: 'a user', given: user };
const ofRole: Omit<ContractRow, 'measure' | 'apis' | 'undoApis'> = { on: 'a role', given: role };
const single = (measure: MeasureName, api: string, undoApi = api) => ({ measure, apis: [api], undoApis: [undoApi] });

/** A user that was in quarantine already, for another incident. */
const attachedBefore = async (): Promise<Containment> => {
  const name = await aUser();
  await admin().iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: QUARANTINE }));
  return plannedUser(name);
};

const credentialRow = (
  measure: MeasureName,
  api: string,
  statusOf: (UserName: string, id: string, Status: 'Active' | 'Inactive') => Promise<unknown>,
): ContractRow => ({
  ...ofUser,
  ...single(measure, api),
  given: async () => {
    const name = freshName('holder');
    await admin().iam.send(new CreateUserCommand({ UserName: name }));
    await giveCredentials(admin().iam, name);
    return plannedUser(name);
  },
  idle: async () => {
    const name = freshName('idle');
    await admin().iam.send(new CreateUserCommand({ UserName: name }));
    const credentials = await giveCredentials(admin().iam, name);
    for (const id of Object.values(credentials)) await statusOf(name, id, 'Inactive').catch(() => undefined);
    return plannedUser(name);
  },
  meddle: (_, { target }, { principal }) => statusOf(principal.name, target, 'Active'),
});

const userRows: ContractRow[] = [
  {
    ...ofUser,
    ...single('attachQuarantinePolicy', 'iam:AttachUserPolicy', 'iam:DetachUserPolicy'),
    idle: attachedBefore,
    meddle: (_, { target }, { principal }) =>
      otherIncident(principal).send(new DetachUserPolicyCommand({ UserName: principal.name, PolicyArn: target })),
  },
  {
    ...ofUser,
    ...single('denyUser', 'iam:PutUserPolicy', 'iam:DeleteUserPolicy'),
    meddle: (_, { target }, { principal: { name } }) =>
      admin().iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: target, PolicyDocument: allowing() })),
  },
  {
    ...ofUser,
    ...single('putBoundary', 'iam:PutUserPermissionsBoundary', 'iam:DeleteUserPermissionsBoundary'),
    meddle: (_, __, { principal: { name } }) =>
      admin().iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: `${ARN}:policy/ir/ReaderBoundary` })),
  },
  {
    ...ofUser,
    ...single('putBoundary', 'iam:PutUserPermissionsBoundary'),
    on: 'a user that has another boundary',
    given: async () => {
      const name = await aUser();
      await admin().iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: READ_ONLY }));
      return plannedUser(name);
    },
  },
  {
    ...ofUser,
    ...single('deactivateAccessKey', 'iam:UpdateAccessKey'),
    idle: async () => {
      const name = await aUser();
      const keys = rig.range.iamState().users.find((one) => one.name === name)?.keys ?? [];
      for (const { accessKeyId: AccessKeyId } of keys)
        await admin().iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId, Status: 'Inactive' }));
      return plannedUser(name);
    },
    meddle: (_, { target }, { principal: { name } }) =>
      admin().iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId: target, Status: 'Active' })),
  },
  credentialRow('deactivateServiceCredential', 'iam:UpdateServiceSpecificCredential', (UserName, id, Status) =>
    admin().iam.send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId: id, Status })),
  ),
  credentialRow('deactivateSshKey', 'iam:UpdateSSHPublicKey', (UserName, id, Status) =>
    admin().iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId: id, Status })),
  ),
  credentialRow('deactivateSigningCertificate', 'iam:UpdateSigningCertificate', (UserName, id, Status) =>
    admin().iam.send(new UpdateSigningCertificateCommand({ UserName, CertificateId: id, Status })),
  ),
  {
    ...single('joinDenyGroup', 'iam:AddUserToGroup', 'iam:RemoveUserFromGroup'),
    on: 'a user whose quotas are full',
    given: async () => plannedUser(await fullUser()),
    idle: async () => {
      const name = await fullUser();
      const principal = await resolved(rig, `${ARN}:user/${name}`);
      await otherIncident(principal).send(new AddUserToGroupCommand({ UserName: name, GroupName: DENY_GROUP }));
      return plannedFor(rig, principal);
    },
    meddle: (_, __, { principal }) =>
      otherIncident(principal).send(new RemoveUserFromGroupCommand({ UserName: principal.name, GroupName: DENY_GROUP })),
  },
  {
    ...single('setDenyVersion', 'iam:CreatePolicyVersion'),
    undoApis: ['iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'],
    on: 'a user whose quotas are full',
    given: async () => plannedUser(await fullUser()),
    meddle: (_, { target }) => versionsOf(target),
  },
];

const roleRows: ContractRow[] = [
  {
    ...single('denySession', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'),
    on: 'a role that others use',
    given: () => plannedRole('deploy-target', 'intruder'),
    meddle: (_, __, { principal: { name } }) =>
      admin().iam.send(
        new PutRolePolicyCommand({
          RoleName: name,
          PolicyName: denySessionName(INCIDENT_ID, 'intruder'),
          PolicyDocument: allowing(),
        }),
      ),
    tidy: () =>
      admin().iam.send(
        new DeleteRolePolicyCommand({ RoleName: 'deploy-target', PolicyName: denySessionName(INCIDENT_ID, 'intruder') }),
      ),
  },
  {
    ...ofRole,
    ...single('attachQuarantinePolicy', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy'),
    idle: async () => {
      const name = freshName('role');
      await aRole(admin().iam, name, OUTSIDE);
      await admin().iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: QUARANTINE }));
      return plannedRole(name);
    },
    meddle: (_, { target }, { principal }) =>
      otherIncident(principal).send(new DetachRolePolicyCommand({ RoleName: principal.name, PolicyArn: target })),
  },
  {
    ...ofRole,
    ...single('denyRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'),
    meddle: (_, { target }, { principal: { name } }) =>
      admin().iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: target, PolicyDocument: allowing() })),
  },
  {
    ...ofRole,
    ...single('putBoundary', 'iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary'),
    meddle: (_, __, { principal: { name } }) =>
      admin().iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: READ_ONLY })),
  },
  {
    ...ofRole,
    ...single('closeTrust', 'iam:UpdateAssumeRolePolicy'),
    meddle: (_, __, { principal: { name } }) =>
      admin().iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: trusting(`${ARN}:root`) })),
  },
  {
    ...single('stopFunction', 'lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'),
    on: 'the role of a function',
    given: () => plannedRole('release-notes'),
    meddle: (_, { target }) =>
      admin().lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: target, ReservedConcurrentExecutions: 5 })),
  },
  {
    ...single('requireImdsV2', 'ec2:ModifyInstanceMetadataOptions'),
    on: 'the role of an instance',
    given: () => plannedRole('build-agent'),
  },
  {
    ...single('detachInstanceProfile', 'ec2:DisassociateIamInstanceProfile', 'ec2:AssociateIamInstanceProfile'),
    on: 'the role of an instance',
    given: () => plannedRole('build-agent'),
    meddle: async (_, { target }) => {
      const InstanceProfileName = freshName('profile');
      const { iam, ec2 } = admin();
      await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'release-notes' }));
      const IamInstanceProfile = { Name: InstanceProfileName };
      await ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId: target.split('/')[1], IamInstanceProfile }));
    },
    tidy: async () => {
      const { ec2 } = admin();
      const { IamInstanceProfileAssociations: rows = [] } = await ec2.send(new DescribeIamInstanceProfileAssociationsCommand({}));
      for (const { AssociationId } of rows) await ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }));
    },
  },
];

holdsTheContract([...userRows, ...roleRows], () => rig);

it('deleteLoginProfile deletes once, and its undo says that the owner needs a new password', async () => {
  const containment = await user();
  const { respond } = rig.activities;
  const target = { principal: containment.principal, target: `login-profile/${containment.principal.name}`, incidentId: INCIDENT_ID };
  rig.range.faults.add({ id: 'lost', match: { api: 'iam:DeleteLoginProfile' }, times: 2, effect: { kind: 'loseAnswer' } });

  const lost = await failureOf(run(respond.deleteLoginProfile, await signedWrite(containment, 'deleteLoginProfile')));
  const done = await run(respond.deleteLoginProfile, await signedWrite(containment, 'deleteLoginProfile'));
  const held = await bareMeasures(rig).deleteLoginProfile.verify(target);
  const refused = await failureOf(run(respond.undoDeleteLoginProfile, await signedUndo(containment, done)));

  expect(lost).toMatchObject({ type: 'UpstreamUnavailable', retryable: true });
  expect(done).toMatchObject({ changed: false, before: 'present', after: 'absent' });
  expect(held.holds).toBe(true);
  expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
});

it('revokeSessions keeps its first moment, and is undone exactly', async () => {
  const containment = await role();
  const { respond } = rig.activities;
  const original = await stateOf(rig);
  rig.range.faults.add({ id: 'lost', match: { api: 'iam:PutRolePolicy' }, times: 2, effect: { kind: 'loseAnswer' } });
  const revoke = async () => run(respond.revokeSessions, await signedWrite(containment, 'revokeSessions', { action: 'recover' }));

  const lost = await failureOf(revoke());
  const done = await revoke();
  const { principal } = containment;
  const held = await bareMeasures(rig).revokeSessions.verify({ principal, target: done.target, incidentId: INCIDENT_ID, recorded: done });
  const undone = [0, 1].map(async () => run(respond.undoRevokeSessions, await signedUndo(containment, done)));

  expect(lost.type).toBe('UpstreamUnavailable');
  expect(done).toMatchObject({ changed: false, before: null });
  expect(held.holds).toBe(true);
  expect((await Promise.all(undone)).length).toBe(2);
  expect(await stateOf(rig)).toEqual(original);
});
