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
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  PutRolePolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DENY_GROUP } from '../../src/contracts/names.js';
import { denySessionName } from '../../src/domain/planning/measure-calls.js';
import { type Containment, failureOf, run } from '../fixtures/activities.js';
import { fillAttached, fillInline } from '../fixtures/full-quotas.js';
import { allowing } from '../fixtures/iam-things.js';
import { type ContractRow, holdsTheContract } from '../fixtures/measure-contract.js';
import { plannedFor, resolved, signedUndo, signedWrite } from '../fixtures/organization-acts.js';
import {
  adminOf,
  aPlannedRole,
  aPlannedUser,
  otherIncident,
  plannedRole,
  plannedUser,
  single,
} from '../fixtures/organization-principals.js';
import { anOrganizationRig, MAIN, type OrganizationRig } from '../fixtures/organization-rig.js';
import { stateOf } from '../fixtures/organization-state.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const ARN = `arn:aws:iam::${MAIN}`;
const QUARANTINE = `${ARN}:policy/ir/IRQuarantine`;

let rig: OrganizationRig;
let made = 0;
beforeAll(async () => {
  rig = await anOrganizationRig();
});
afterAll(() => rig.close());

const freshName = (text: string): string => `${text}-${(made += 1)}`;
const user = (): Promise<Containment> => aPlannedUser(rig, freshName('user'));
const role = (): Promise<Containment> => aPlannedRole(rig, freshName('role'));
const ofUser = { on: 'a user', given: user };
const ofRole = { on: 'a role', given: role };

/** A user without room for another policy. */
async function fullUser(): Promise<string> {
  const name = freshName('full');
  const { iam } = adminOf(rig);
  await iam.send(new CreateUserCommand({ UserName: name }));
  await fillAttached(iam, name);
  await fillInline(iam, name);
  return name;
}

const newDefault = (PolicyArn: string) =>
  adminOf(rig).iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allowing('s3:ListBucket'), SetAsDefault: true }));

const rows: ContractRow[] = [
  {
    ...ofUser,
    ...single('attachQuarantinePolicy', 'iam:AttachUserPolicy', 'iam:DetachUserPolicy'),
    idle: async () => {
      const { name } = (await user()).principal;
      await adminOf(rig).iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: QUARANTINE }));
      return plannedUser(rig, name);
    },
    meddle: (_, { target }, { principal }) =>
      otherIncident(rig, principal).send(new DetachUserPolicyCommand({ UserName: principal.name, PolicyArn: target })),
  },
  {
    ...single('joinDenyGroup', 'iam:AddUserToGroup', 'iam:RemoveUserFromGroup'),
    on: 'a user whose quotas are full',
    given: async () => plannedUser(rig, await fullUser()),
    idle: async () => {
      const name = await fullUser();
      const principal = await resolved(rig, `${ARN}:user/${name}`);
      await otherIncident(rig, principal).send(new AddUserToGroupCommand({ UserName: name, GroupName: DENY_GROUP }));
      return plannedFor(rig, principal);
    },
    meddle: (_, __, { principal }) =>
      otherIncident(rig, principal).send(new RemoveUserFromGroupCommand({ UserName: principal.name, GroupName: DENY_GROUP })),
  },
  {
    ...single('setDenyVersion', 'iam:CreatePolicyVersion'),
    undoApis: ['iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'],
    on: 'a user whose quotas are full',
    given: async () => plannedUser(rig, await fullUser()),
    meddle: (_, { target }) => newDefault(target),
  },
  {
    ...single('denySession', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'),
    on: 'a role that others use',
    given: () => plannedRole(rig, 'deploy-target', 'intruder'),
    meddle: (_, __, { principal: { name } }) =>
      adminOf(rig).iam.send(
        new PutRolePolicyCommand({
          RoleName: name,
          PolicyName: denySessionName(INCIDENT_ID, 'intruder'),
          PolicyDocument: allowing(),
        }),
      ),
    tidy: () =>
      adminOf(rig).iam.send(
        new DeleteRolePolicyCommand({ RoleName: 'deploy-target', PolicyName: denySessionName(INCIDENT_ID, 'intruder') }),
      ),
  },
  {
    ...ofRole,
    ...single('attachQuarantinePolicy', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy'),
    idle: async () => {
      const { name } = (await role()).principal;
      await adminOf(rig).iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: QUARANTINE }));
      return plannedRole(rig, name);
    },
    meddle: (_, { target }, { principal }) =>
      otherIncident(rig, principal).send(new DetachRolePolicyCommand({ RoleName: principal.name, PolicyArn: target })),
  },
  {
    ...single('stopFunction', 'lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'),
    on: 'the role of a function',
    given: () => plannedRole(rig, 'release-notes'),
    meddle: (_, { target }) =>
      adminOf(rig).lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: target, ReservedConcurrentExecutions: 5 })),
  },
  {
    ...single('requireImdsV2', 'ec2:ModifyInstanceMetadataOptions'),
    on: 'the role of an instance',
    given: () => plannedRole(rig, 'build-agent'),
  },
  {
    ...single('detachInstanceProfile', 'ec2:DisassociateIamInstanceProfile', 'ec2:AssociateIamInstanceProfile'),
    on: 'the role of an instance',
    given: () => plannedRole(rig, 'build-agent'),
    meddle: async (_, { target }) => {
      const InstanceProfileName = freshName('profile');
      const { iam, ec2 } = adminOf(rig);
      await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'release-notes' }));
      const IamInstanceProfile = { Name: InstanceProfileName };
      await ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId: target.split('/')[1], IamInstanceProfile }));
    },
    tidy: async () => {
      const { ec2 } = adminOf(rig);
      const { IamInstanceProfileAssociations: rows = [] } = await ec2.send(new DescribeIamInstanceProfileAssociationsCommand({}));
      for (const { AssociationId } of rows) await ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }));
    },
  },
];

holdsTheContract(rows, () => rig);

it('setDenyVersion fills the last version of a policy once, although the repeat of the SDK met the quota', async () => {
  const name = await fullUser();
  for (const version of ['v2', 'v3', 'v4'])
    await adminOf(rig).iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: `${ARN}:policy/${name}-own-0`, PolicyDocument: allowing(`s3:${version}`) }),
    );
  const containment = await plannedUser(rig, name);
  const original = await stateOf(rig);
  const { respond } = rig.activities;
  rig.range.faults.add({ id: 'lost', match: { api: 'iam:CreatePolicyVersion' }, times: 1, effect: { kind: 'loseAnswer' } });

  const done = await run(respond.setDenyVersion, await signedWrite(containment, 'setDenyVersion'));
  const again = await run(respond.setDenyVersion, await signedWrite(containment, 'setDenyVersion'));
  const undone = await run(respond.undoSetDenyVersion, await signedUndo(containment, done));

  expect(done).toMatchObject({ changed: true, before: 'v1' });
  expect(again).toMatchObject({ changed: false, before: 'v1' });
  expect(undone.changed).toBe(true);
  expect(await stateOf(rig)).toEqual(original);
});

it('setDenyVersion takes its version away in a second undo, when the first got no further than the old default', async () => {
  const containment = await plannedUser(rig, await fullUser());
  const original = await stateOf(rig);
  const { respond } = rig.activities;
  const done = await run(respond.setDenyVersion, await signedWrite(containment, 'setDenyVersion'));
  rig.range.faults.add({ id: 'lost', match: { api: 'iam:SetDefaultPolicyVersion' }, times: 2, effect: { kind: 'loseAnswer' } });

  const lost = await failureOf(run(respond.undoSetDenyVersion, await signedUndo(containment, done)));
  await run(respond.undoSetDenyVersion, await signedUndo(containment, done));

  expect(lost).toMatchObject({ type: 'UpstreamUnavailable', retryable: true });
  expect(await stateOf(rig)).toEqual(original);
});
