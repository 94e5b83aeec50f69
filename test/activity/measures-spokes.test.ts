import {
  CreateUserCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MeasureName } from '../../src/contracts/plan.js';
import { type Containment, failureOf, run } from '../fixtures/activities.js';
import { allowing, giveCredentials, trusting } from '../fixtures/iam-things.js';
import { bareMeasures, type ContractRow, holdsTheContract } from '../fixtures/measure-contract.js';
import { signedUndo, signedWrite } from '../fixtures/organization-acts.js';
import { adminOf, aPlannedRole, aPlannedUser, plannedUser, single } from '../fixtures/organization-principals.js';
import { anOrganizationRig, MAIN, type OrganizationRig } from '../fixtures/organization-rig.js';
import { stateOf } from '../fixtures/organization-state.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const ARN = `arn:aws:iam::${MAIN}`;
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

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

const credentialRow = (
  measure: MeasureName,
  api: string,
  statusOf: (UserName: string, id: string, Status: 'Active' | 'Inactive') => Promise<unknown>,
): ContractRow => ({
  ...ofUser,
  ...single(measure, api),
  given: async () => {
    const name = freshName('holder');
    await adminOf(rig).iam.send(new CreateUserCommand({ UserName: name }));
    await giveCredentials(adminOf(rig).iam, name);
    return plannedUser(rig, name);
  },
  idle: async () => {
    const name = freshName('idle');
    await adminOf(rig).iam.send(new CreateUserCommand({ UserName: name }));
    const credentials = await giveCredentials(adminOf(rig).iam, name);
    for (const id of Object.values(credentials)) await statusOf(name, id, 'Inactive').catch(() => undefined);
    return plannedUser(rig, name);
  },
  meddle: (_, { target }, { principal }) => statusOf(principal.name, target, 'Active'),
});

/** The measures on users and roles alone, through the spokes: the templates give the Responder all that they need. */
const rows: ContractRow[] = [
  {
    ...ofUser,
    ...single('denyUser', 'iam:PutUserPolicy', 'iam:DeleteUserPolicy'),
    meddle: (_, { target }, { principal: { name } }) =>
      adminOf(rig).iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: target, PolicyDocument: allowing() })),
  },
  {
    ...ofUser,
    ...single('putBoundary', 'iam:PutUserPermissionsBoundary', 'iam:DeleteUserPermissionsBoundary'),
    meddle: (_, __, { principal: { name } }) =>
      adminOf(rig).iam.send(
        new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: `${ARN}:policy/ir/ReaderBoundary` }),
      ),
  },
  {
    ...ofUser,
    ...single('putBoundary', 'iam:PutUserPermissionsBoundary'),
    on: 'a user that has another boundary',
    given: async () => {
      const { name } = (await user()).principal;
      await adminOf(rig).iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: READ_ONLY }));
      return plannedUser(rig, name);
    },
  },
  {
    ...ofUser,
    ...single('deactivateAccessKey', 'iam:UpdateAccessKey'),
    idle: async () => {
      const { name } = (await user()).principal;
      const keys = rig.range.iamState().users.find((one) => one.name === name)?.keys ?? [];
      for (const { accessKeyId: AccessKeyId } of keys)
        await adminOf(rig).iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId, Status: 'Inactive' }));
      return plannedUser(rig, name);
    },
    meddle: (_, { target }, { principal: { name } }) =>
      adminOf(rig).iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId: target, Status: 'Active' })),
  },
  credentialRow('deactivateServiceCredential', 'iam:UpdateServiceSpecificCredential', (UserName, id, Status) =>
    adminOf(rig).iam.send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId: id, Status })),
  ),
  credentialRow('deactivateSshKey', 'iam:UpdateSSHPublicKey', (UserName, id, Status) =>
    adminOf(rig).iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId: id, Status })),
  ),
  credentialRow('deactivateSigningCertificate', 'iam:UpdateSigningCertificate', (UserName, id, Status) =>
    adminOf(rig).iam.send(new UpdateSigningCertificateCommand({ UserName, CertificateId: id, Status })),
  ),
  {
    ...ofRole,
    ...single('denyRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'),
    meddle: (_, { target }, { principal: { name } }) =>
      adminOf(rig).iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: target, PolicyDocument: allowing() })),
  },
  {
    ...ofRole,
    ...single('putBoundary', 'iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary'),
    meddle: (_, __, { principal: { name } }) =>
      adminOf(rig).iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: READ_ONLY })),
  },
  {
    ...ofRole,
    ...single('closeTrust', 'iam:UpdateAssumeRolePolicy'),
    meddle: (_, __, { principal: { name } }) =>
      adminOf(rig).iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: trusting(`${ARN}:root`) })),
  },
];

holdsTheContract(rows, () => rig);

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
