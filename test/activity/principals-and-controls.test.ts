import {
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteUserCommand,
  EnableMFADeviceCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/contracts/principal.js';
import type { ControlFinding } from '../../src/contracts/recovery.js';
import { beforeValues } from '../../src/domain/planning/before-values.js';
import { aRig, failureOf, type Rig, run } from '../fixtures/activities.js';
import { aRole, trusting } from '../fixtures/iam-things.js';
import { aSnapshot } from '../fixtures/planning.js';
import { CI_DEPLOY, clientsOf, INCIDENT_ID } from '../fixtures/range.js';
import { principalOf } from '../fixtures/restore.js';

const ARN = 'arn:aws:iam::111122223333';
let rig: Rig;
let ciDeploy: Principal;
beforeAll(async () => {
  rig = await aRig();
  ciDeploy = await principalOf(rig, `${ARN}:user/${CI_DEPLOY}`);
});
afterEach(() => rig.range.faults.clear());
afterAll(() => rig.close());

const admin = () => clientsOf(rig.range, 'admin').iam;
const resolve = (arn: string) => run(rig.activities.main.resolvePrincipalArn, { arn });

describe('resolvePrincipalArn', () => {
  it('finds a user that records name without its path, as AWS has it now, with its owner', () => {
    expect(ciDeploy).toMatchObject({
      kind: 'user',
      name: CI_DEPLOY,
      arn: `${ARN}:user/automation/${CI_DEPLOY}`,
      uniqueId: expect.stringMatching(/^AIDA/),
      lockId: 'incident/111122223333/user/ci-deploy',
      ownerSubjects: ['omar'],
    });
  });

  it('finds a role, with the owner of its tag', async () => {
    const AssumeRolePolicyDocument = trusting('arn:aws:iam::999988887777:root');
    const Tags = [{ Key: 'ir:owner', Value: 'lea' }];
    await admin().send(new CreateRoleCommand({ RoleName: 'Svc-Sync', Path: '/made/', AssumeRolePolicyDocument, Tags }));

    expect(await resolve(`${ARN}:role/Svc-Sync`)).toMatchObject({
      found: true,
      principal: {
        kind: 'role',
        arn: `${ARN}:role/made/Svc-Sync`,
        uniqueId: expect.stringMatching(/^AROA/),
        lockId: 'incident/111122223333/role/svc-sync',
        ownerSubjects: ['lea'],
      },
    });
  });

  it.each([
    ['deleted', `${ARN}:user/nobody`],
    ['deleted', `${ARN}:role/nothing`],
    ['foreign', 'arn:aws:iam::999988887777:user/ci-deploy'],
  ])('says %s of %s', async (why, arn) => {
    expect(await resolve(arn)).toMatchObject({ found: false, why });
  });

  it.each([
    `${ARN}:root`,
    `${ARN}:group/engineers`,
    'arn:aws:sts::111122223333:assumed-role/a/b',
    `${ARN}:user/a b`,
    `${ARN}:user/$(id)`,
    'x',
  ])('refuses %s, which is no user or role', async (arn) => {
    expect(await failureOf(resolve(arn))).toMatchObject({ type: 'InvalidPayload', retryable: false });
  });

  it('waits when AWS throttles and names the permission that is missing: neither is "deleted"', async () => {
    rig.range.faults.add({ id: 'slow', match: { api: 'iam:GetUser' }, times: 2, effect: { kind: 'throttle' } });
    const throttled = await failureOf(resolve(ciDeploy.arn));
    const message = 'User: x is not authorized to perform: iam:ListUserTags';
    rig.range.faults.add({
      id: 'denied',
      match: { api: 'iam:ListUserTags' },
      effect: { kind: 'error', code: 'AccessDenied', status: 403, message },
    });
    const denied = await failureOf(resolve(ciDeploy.arn));

    expect(throttled).toMatchObject({ type: 'Throttled', retryable: true });
    expect(denied).toMatchObject({ type: 'PermissionDenied', retryable: false });
  });
});

describe('planRecovery', () => {
  const plan = (principal: Principal) => run(rig.activities.main.planRecovery, { incidentId: INCIDENT_ID, principal });

  it('lists the 2 keys of ci-deploy and says that it is at the limit', async () => {
    const { atKeyLimit, keysBefore, secretName } = await plan(ciDeploy);

    expect(atKeyLimit).toBe(true);
    expect(keysBefore.map(({ status }) => status).toSorted()).toEqual(['Active', 'Inactive']);
    expect(secretName).toBe(`tourniquet/${INCIDENT_ID}/ci-deploy`);
  });

  it('has room for a user without keys, and fails for one that is gone', async () => {
    await admin().send(new CreateUserCommand({ UserName: 'console-only' }));
    const principal = await principalOf(rig, `${ARN}:user/console-only`);
    const none = await plan(principal);
    await admin().send(new DeleteUserCommand({ UserName: 'console-only' }));
    const gone = await failureOf(plan(principal));

    expect(none).toMatchObject({ keysBefore: [], atKeyLimit: false });
    expect(gone).toMatchObject({ type: 'TargetNotFound', retryable: false });
  });
});

describe('checkControls', () => {
  const check = (principal: Principal) => run(rig.activities.main.checkControls, { incidentId: INCIDENT_ID, principal });
  const present = (findings: ControlFinding[]) => Object.fromEntries(findings.map((one) => [one.control, one.present]));

  it('names what ci-deploy lacks, with commands', async () => {
    const findings = await check(ciDeploy);

    expect(present(findings)).toEqual({ mfa: false, permissionsBoundary: false, guardDuty: true, ipRestriction: false });
    expect(findings.find(({ control }) => control === 'permissionsBoundary')?.commands[0]).toContain('--user-name ci-deploy');
  });

  it('lists the addresses that were seen, and leaves the choice to a person: as it is the command is refused', async () => {
    const address = (await check(ciDeploy)).find(({ control }) => control === 'ipRestriction');
    const [, document = ''] = /--policy-document '(.*)'$/.exec(address?.commands[0] ?? '') ?? [];

    expect(address?.detail).toContain('198.51.100.24');
    expect(JSON.parse(document)).toMatchObject({ Statement: [{ Effect: 'Deny' }] });
    expect(document).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
    expect(document).toContain('<an address of its workload>');
  });

  it('sees a device and a boundary, but not our own deny as one', async () => {
    const UserName = 'dana';
    const dana = await principalOf(rig, `${ARN}:user/dana`);
    const { VirtualMFADevice } = await admin().send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'dana' }));
    const SerialNumber = VirtualMFADevice?.SerialNumber;
    await admin().send(
      new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1: '123456', AuthenticationCode2: '654321' }),
    );
    const boundary = (name: string) =>
      admin().send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: `arn:aws:iam::aws:policy/${name}` }));

    await boundary('AWSDenyAll');
    const ours = present(await check(dana));
    await boundary('ReadOnlyAccess');
    const own = present(await check(dana));

    expect(ours).toMatchObject({ mfa: true, permissionsBoundary: false });
    expect(own).toMatchObject({ mfa: true, permissionsBoundary: true });
  });

  it('looks for GuardDuty alone where the principal is a role', async () => {
    await aRole(admin(), 'svc-controls', 'arn:aws:iam::999988887777:root');

    expect(present(await check(await principalOf(rig, `${ARN}:role/svc-controls`)))).toEqual({ guardDuty: true });
  });
});

it('plans to leave an Expired service-specific credential switched off, so that its undo is allowed', () => {
  const createdAt = '2025-01-01T00:00:00.000Z';
  const credential = (id: string, status: string) => ({ kind: 'serviceSpecific' as const, id, status, createdAt });
  const snapshot = aSnapshot({ otherCredentials: [credential('A', 'Active'), credential('B', 'Expired'), credential('C', 'Inactive')] });
  const measures = ['A', 'B', 'C', 'D'].map((target) => ({
    measure: 'deactivateServiceCredential' as const,
    target,
    calls: [],
    reversible: 'exact' as const,
    layer: 'credential' as const,
  }));

  const values = beforeValues(measures, { snapshot, suspiciousSinceMs: Date.parse('2026-01-01T00:00:00.000Z') });

  expect(values.map(({ value }) => value)).toEqual(['Active', 'Inactive', 'Inactive', 'Inactive']);
});
