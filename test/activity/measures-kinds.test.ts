import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMeasures } from '../../activities/aws/measures/index.js';
import { createDirectAccess } from '../../src/adapters/aws/access.js';
import { packagePath } from '../../src/config/paths.js';
import type { MeasureResult } from '../../src/contracts/measure.js';
import { MeasureName } from '../../src/contracts/plan.js';
import {
  aContainmentOf,
  activitiesOf,
  anUndo,
  aRig,
  aWrite,
  type Containment,
  failureOf,
  NO_SCPS,
  type Rig,
  run,
} from '../fixtures/activities.js';
import { allowing, aRole, giveCredentials, trusting } from '../fixtures/iam-things.js';
import { clientsOf, INCIDENT_ID } from '../fixtures/range.js';
import { aContainedUser, principalOf } from '../fixtures/restore.js';

let rig: Rig;
beforeAll(async () => {
  rig = await aRig();
});
afterAll(() => rig.close());

const admin = (): IAMClient => clientsOf(rig.range, 'admin').iam;
const writes = (): string[] => rig.range.writesBy(rig.range.identities.responder.accessKeyId).map(({ api }) => api);
type Credentials = Awaited<ReturnType<typeof giveCredentials>>;

interface Row {
  readonly measure: MeasureName;
  readonly kind: 'user' | 'role';
  readonly api: string;
  readonly undoApi: string;
  /** What undo brings back. */
  readonly before: unknown;
  /** Done by the admin before the plan, where a two-valued field needs it for a conflict to be possible. */
  readonly idle?: (name: string, credentials: Credentials) => Promise<unknown>;
  /** What the admin does to the field after our write. */
  readonly meddle: (name: string, target: string) => Promise<unknown>;
}

const OUTSIDE = 'arn:aws:iam::999988887777:root';
const status = { Active: 'Active', Inactive: 'Inactive' } as const;
const rows: Row[] = [
  {
    measure: 'deactivateServiceCredential',
    kind: 'user',
    api: 'iam:UpdateServiceSpecificCredential',
    undoApi: 'iam:UpdateServiceSpecificCredential',
    before: 'Active',
    idle: (UserName, { serviceCredential: ServiceSpecificCredentialId }) =>
      admin().send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status: status.Inactive })),
    meddle: (UserName, ServiceSpecificCredentialId) =>
      admin().send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status: status.Active })),
  },
  {
    measure: 'deactivateSshKey',
    kind: 'user',
    api: 'iam:UpdateSSHPublicKey',
    undoApi: 'iam:UpdateSSHPublicKey',
    before: 'Active',
    idle: (UserName, { sshKey: SSHPublicKeyId }) =>
      admin().send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status: status.Inactive })),
    meddle: (UserName, SSHPublicKeyId) => admin().send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status: status.Active })),
  },
  {
    measure: 'deactivateSigningCertificate',
    kind: 'user',
    api: 'iam:UpdateSigningCertificate',
    undoApi: 'iam:UpdateSigningCertificate',
    before: 'Active',
    idle: (UserName, { certificate: CertificateId }) =>
      admin().send(new UpdateSigningCertificateCommand({ UserName, CertificateId, Status: status.Inactive })),
    meddle: (UserName, CertificateId) =>
      admin().send(new UpdateSigningCertificateCommand({ UserName, CertificateId, Status: status.Active })),
  },
  {
    measure: 'denyRole',
    kind: 'role',
    api: 'iam:PutRolePolicy',
    undoApi: 'iam:DeleteRolePolicy',
    before: null,
    meddle: (RoleName, PolicyName) => admin().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: allowing() })),
  },
  {
    measure: 'putBoundary',
    kind: 'role',
    api: 'iam:PutRolePermissionsBoundary',
    undoApi: 'iam:DeleteRolePermissionsBoundary',
    before: null,
    meddle: (RoleName) =>
      admin().send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })),
  },
  {
    measure: 'closeTrust',
    kind: 'role',
    api: 'iam:UpdateAssumeRolePolicy',
    undoApi: 'iam:UpdateAssumeRolePolicy',
    before: trusting(OUTSIDE),
    meddle: (RoleName) =>
      admin().send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trusting('arn:aws:iam::111122223333:root') })),
  },
];

/** Of `measures.test.ts`, `login-profile.test.ts`, `revoke-sessions.test.ts`, `measures-fallbacks.test.ts` and `measures-organization.test.ts`. */
const ELSEWHERE = [
  'attachQuarantinePolicy',
  'deactivateAccessKey',
  'deleteLoginProfile',
  'denyUser',
  'revokeSessions',
  'joinDenyGroup',
  'denySession',
  'setDenyVersion',
  'stopFunction',
  'detachInstanceProfile',
  'requireImdsV2',
  'quarantineByScp',
  'freezeMinting',
  'denyInPermissionSet',
  'deleteAssignment',
  'deleteRootCredentials',
];

it('has one file per row of the registry, 22 in all, the names of the plan, and a test of each', () => {
  const helpers = new Set([
    'index',
    'measure',
    'field-measure',
    'status-measure',
    'inline-policy',
    'request-ids',
    'instance',
    'identity-center',
  ]);
  const files = readdirSync(packagePath('activities', 'aws', 'measures')).map((name) => name.replace(/\.ts$/, ''));
  const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const fileOf = (name: string) =>
    kebab(name)
      .replace(/^deny-(user|role)$/, 'deny-inline')
      .replace(/^(quarantine-by-scp|freeze-minting)$/, 'scp-measure');

  const measures = bareMeasures('http://range.invalid');

  expect([...new Set(Object.keys(measures).map(fileOf))].toSorted()).toEqual(files.filter((name) => !helpers.has(name)).toSorted());
  expect(Object.keys(measures).toSorted()).toEqual([...MeasureName.options].toSorted());
  expect([...rows.map(({ measure }) => measure), ...ELSEWHERE].toSorted()).toEqual([...MeasureName.options].toSorted());
  for (const [name, measure] of Object.entries(measures)) expect(measure).toMatchObject({ name, reversible: REVERSIBLE[name] ?? 'exact' });
});

const REVERSIBLE: Readonly<Record<string, string>> = { deleteLoginProfile: 'replacement', deleteRootCredentials: 'none' };

/** Measures of the responder, without the door in front of them. */
function bareMeasures(endpoint: string) {
  const identity = { endpoint, credentials: rig.range.identities.responder };
  return createMeasures({
    access: createDirectAccess({ Reader: identity, Responder: identity, Restorer: identity }),
    organization: async () => undefined,
    scps: NO_SCPS,
    authorize: async () => undefined,
    now: () => '',
  });
}

/** A principal of the row's kind, planned for. */
async function planned(row: Row, { idle = false } = {}): Promise<Containment> {
  const name = `${row.measure}-${row.kind}${idle ? '-idle' : ''}`.toLowerCase();
  if (row.kind === 'role') return aContainmentOf(rig, await principalOf(rig, await aRole(admin(), name, OUTSIDE)));
  const { principal } = await aContainedUser(rig, name);
  const credentials = await giveCredentials(admin(), name);
  if (idle) await row.idle?.(name, credentials);
  // What was made before the first suspicious moment is the owner's: that is what an undo brings back.
  return aContainmentOf(rig, principal, { firstSeenAt: new Date(Date.now() + 5000).toISOString() });
}

describe.each(rows)('$measure of a $kind', (row) => {
  const { measure, api, undoApi, meddle } = row;
  let containment: Containment;
  let done: MeasureResult;
  beforeAll(async () => {
    containment = await planned(row);
  });
  const apply = async (on = containment) => run(activitiesOf(rig, measure).apply, await aWrite(on, measure));
  const undo = async (on = containment, result = done) => run(activitiesOf(rig, measure).undo, await anUndo(on, result));
  const verify = (on = containment, { target } = done) =>
    bareMeasures(rig.range.endpoint)[measure].verify({ principal: on.principal, target, incidentId: INCIDENT_ID });

  it('is undone exactly, although the answer of the write was lost, and that of the undo to the SDK, which repeats it', async () => {
    const original = rig.range.iamState();
    // The SDK tries twice: an answer is lost for an activity when it is lost twice.
    rig.range.faults.add({ id: 'lost', match: { api }, times: 2, effect: { kind: 'loseAnswer' } });

    const lost = await failureOf(apply());
    done = await apply();
    const contained = rig.range.iamState();
    const holds = await verify();
    rig.range.faults.add({ id: 'lost', match: { api: undoApi }, times: 1, effect: { kind: 'loseAnswer' } });
    const undone = await undo();
    const left = await verify();

    expect(lost).toMatchObject({ type: 'UpstreamUnavailable', retryable: true });
    expect(done).toMatchObject({ measure, changed: false, before: row.before });
    expect(contained).not.toEqual(original);
    expect([holds.holds, left.holds, undone.changed]).toEqual([true, false, true]);
    expect(rig.range.iamState()).toEqual(original);
  });

  it('writes once when it is delivered 2 times, and undoes once', async () => {
    const original = rig.range.iamState();
    const before = writes().length;

    const results = [await apply(), await apply()];
    const undos = [await undo(), await undo()];

    expect(results.map(({ changed }) => changed)).toEqual([true, false]);
    expect(results[1]).toMatchObject({ before: results[0]?.before, after: results[0]?.after });
    expect(undos.map(({ changed }) => changed)).toEqual([true, false]);
    expect(writes().slice(before)).toEqual([api, undoApi]);
    expect(rig.range.iamState()).toEqual(original);
  });

  it('is not undone over what an admin changed since: 0 writes', async () => {
    const idle = await planned(row, { idle: true });
    const result = await apply(idle);
    await meddle(idle.principal.name, result.target);
    const state = rig.range.iamState();
    const before = writes().length;

    const refused = await failureOf(undo(idle, result));

    expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
    expect(refused.message).toContain('somebody changed it since');
    expect(rig.range.iamState()).toEqual(state);
    expect(writes()).toHaveLength(before);
  });

  it('is refused for a record that was made up', async () => {
    const madeUp: MeasureResult = { ...done, before: allowing(), after: done.after };
    const other: MeasureResult = { ...done, after: allowing() };

    const refused = [await failureOf(undo(containment, madeUp)), await failureOf(undo(containment, other))];

    expect(refused.map(({ type }) => type)).toEqual(['UnsafeAction', 'UnsafeAction']);
  });
});

describe('closeTrust', () => {
  it('puts back only the document that was signed, although somebody changed the trust between plan and write', async () => {
    const role = await principalOf(rig, await aRole(admin(), 'between', OUTSIDE));
    const containment = await aContainmentOf(rig, role);
    const changed = trusting('arn:aws:iam::111122223333:user/people/dana');
    await admin().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'between', PolicyDocument: changed }));

    const done = await run(rig.activities.respond.closeTrust, await aWrite(containment, 'closeTrust'));
    const madeUp = await failureOf(run(rig.activities.respond.undoCloseTrust, await anUndo(containment, { ...done, before: changed })));
    await run(rig.activities.respond.undoCloseTrust, await anUndo(containment, done));

    expect(done).toMatchObject({ changed: true, before: trusting(OUTSIDE) });
    expect(madeUp).toMatchObject({ type: 'UnsafeAction' });
    expect(rig.range.iamState().roles.find(({ name }) => name === 'between')?.trust).toBe(trusting(OUTSIDE));
  });

  it('writes nothing on a role that was made again under the same name, or is gone', async () => {
    const RoleName = 'again';
    const containment = await aContainmentOf(rig, await principalOf(rig, await aRole(admin(), RoleName, OUTSIDE)));
    const remove = async (): Promise<void> => {
      await admin().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'all' }));
      await admin().send(new DetachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
      await admin().send(new DeleteRoleCommand({ RoleName }));
    };
    await remove();
    await aRole(admin(), RoleName, OUTSIDE);
    const before = writes().length;

    const other = await failureOf(run(rig.activities.respond.closeTrust, await aWrite(containment, 'closeTrust')));
    await remove();
    const gone = await failureOf(run(rig.activities.respond.denyRole, await aWrite(containment, 'denyRole')));

    expect([other.type, gone.type]).toEqual(['PreconditionFailed', 'TargetNotFound']);
    expect(writes()).toHaveLength(before);
  });
});
