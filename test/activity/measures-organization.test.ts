import { UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import { GetInlinePolicyForPermissionSetCommand, PutInlinePolicyToPermissionSetCommand } from '@aws-sdk/client-sso-admin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/contracts/principal.js';
import { type Containment, failureOf, run } from '../fixtures/activities.js';
import { bareMeasures, type ContractRow, holdsTheContract } from '../fixtures/measure-contract.js';
import {
  anAlertNow,
  callWith,
  contain,
  plannedFor,
  resolved,
  settled,
  signedUndo,
  signedWrite,
  writesOf,
} from '../fixtures/organization-acts.js';
import { anOrganizationRig, clientsWith, DATA, HUB, MAIN, MANAGEMENT, type OrganizationRig } from '../fixtures/organization-rig.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const CI_DEPLOY = `arn:aws:iam::${MAIN}:user/automation/ci-deploy`;
const MIRA = '90671c1f2a-6f2d7d1e-0b1c-4c55-9f43-2b6f0e4f8a01';

let rig: OrganizationRig;
beforeAll(async () => {
  rig = await anOrganizationRig();
});
afterAll(() => rig.close());

const ciDeploy = async (): Promise<Principal> => resolved(rig, CI_DEPLOY);

/** Somebody of the management account rewrites every entry of ours. */
async function meddleWithScps(): Promise<void> {
  const key = rig.range.accountKeys[MANAGEMENT]?.['org-admin'];
  if (key === undefined) throw new Error('the management account has no admin');
  const { organizations } = clientsWith(rig.range, key);
  for (const [PolicyId, content] of await rig.scps.contents())
    await organizations.send(
      new UpdatePolicyCommand({ PolicyId, Content: content.replaceAll('"Resource":"*"', '"Resource":"arn:aws:s3:::*"') }),
    );
}

/** The prepared policies as they were. */
async function putScpsBack(original: ReadonlyMap<string, string>): Promise<void> {
  const key = rig.range.accountKeys[MANAGEMENT]?.['org-admin'];
  if (key === undefined) throw new Error('the management account has no admin');
  const { organizations } = clientsWith(rig.range, key);
  for (const [PolicyId, Content] of original) await organizations.send(new UpdatePolicyCommand({ PolicyId, Content }));
}

let original: ReadonlyMap<string, string>;
const remembered = async (containment: Containment): Promise<Containment> => {
  original = await rig.scps.contents();
  return containment;
};

async function mira(account = MAIN): Promise<Principal> {
  const alert = await anAlertNow(rig, { account, principalKind: 'idcUser', hints: { principalId: MIRA } });
  const resolution = await run(rig.activities.main.resolvePrincipal, alert);
  if (!resolution.found) throw new Error(resolution.detail);
  return resolution.principal;
}

const identityCenterOf = () => {
  const InstanceArn = rig.organization.identityCenter?.instanceArn;
  return { InstanceArn, sso: rig.access.ssoAdmin({ account: HUB, role: 'Responder', incidentId: 'INC-20261122-OTHEROTH' }, 'us-east-1') };
};

const scp = ['organizations:UpdatePolicy'] as const;
const rows: ContractRow[] = [
  {
    measure: 'quarantineByScp',
    on: 'a user',
    apis: scp,
    undoApis: scp,
    given: async () => plannedFor(rig, await ciDeploy()).then(remembered),
    meddle: meddleWithScps,
    tidy: () => putScpsBack(original),
  },
  {
    measure: 'quarantineByScp',
    on: 'one session of a role',
    apis: scp,
    undoApis: scp,
    given: async () => plannedFor(rig, await resolved(rig, `arn:aws:iam::${MAIN}:role/deploy-target`, 'intruder')).then(remembered),
    meddle: meddleWithScps,
    tidy: () => putScpsBack(original),
  },
  {
    measure: 'freezeMinting',
    on: 'the account of a user who fights back',
    apis: scp,
    undoApis: scp,
    given: async () => plannedFor(rig, await ciDeploy(), { escalated: true }).then(remembered),
    meddle: meddleWithScps,
    tidy: () => putScpsBack(original),
  },
  {
    measure: 'denyInPermissionSet',
    on: 'a person of Identity Center',
    apis: ['sso:PutInlinePolicyToPermissionSet', 'sso:ProvisionPermissionSet'],
    undoApis: ['sso:DeleteInlinePolicyFromPermissionSet', 'sso:ProvisionPermissionSet'],
    lost: { api: 'sso:PutInlinePolicyToPermissionSet', undoApi: 'sso:DeleteInlinePolicyFromPermissionSet' },
    given: async () => plannedFor(rig, await mira()),
    meddle: async (_, { target: PermissionSetArn }) => {
      const { InstanceArn, sso } = identityCenterOf();
      const set = { InstanceArn, PermissionSetArn };
      const { InlinePolicy = '' } = await sso.send(new GetInlinePolicyForPermissionSetCommand(set));
      const changed = InlinePolicy.replace('"Action":"*"', '"Action":"s3:*"');
      await sso.send(new PutInlinePolicyToPermissionSetCommand({ ...set, InlinePolicy: changed }));
    },
  },
  {
    measure: 'deleteAssignment',
    on: 'a person of Identity Center',
    apis: ['sso:DeleteAccountAssignment'],
    undoApis: ['sso:CreateAccountAssignment'],
    given: async () => plannedFor(rig, await mira()),
  },
];

holdsTheContract(rows, () => rig);

describe('a person of Identity Center', () => {
  it('is whom an alert with the user id is about: a high score counts for the tier', async () => {
    const facts = { ...(await anAlertNow(rig)).facts, score: 9 };

    const { plan } = await plannedFor(rig, await mira(), { principalKind: 'idcUser', hints: { principalId: MIRA }, facts });

    expect(plan).toMatchObject({ tier: 'A0', tierReasons: [expect.stringContaining('severity 7 or more')] });
  });

  /** A session from the access portal. */
  const sessionOf = (userName: string) =>
    rig.range.handouts.accessPortal({
      userName,
      permissionSet: 'Developer',
      accountId: MAIN,
      sourceIp: '203.0.113.66',
      userAgent: 'aws-internal/3',
    });

  it.each([
    ['the answer of the change was lost', 'sso:PutInlinePolicyToPermissionSet'],
    ['the answer of the provisioning was lost', 'sso:ProvisionPermissionSet'],
  ])('is stopped for real by a second delivery after %s, and works again after the undo, whose answer was lost too', async (_, api) => {
    const containment = await plannedFor(rig, await mira());
    const { respond } = rig.activities;
    const [hers, his] = [sessionOf('mira'), sessionOf('jonas')];
    const lose = (lost: string): void =>
      rig.range.faults.add({ id: 'lost', match: { api: lost }, times: 2, effect: { kind: 'loseAnswer' } });
    lose(api);

    const lost = await failureOf(run(respond.denyInPermissionSet, await signedWrite(containment, 'denyInPermissionSet')));
    await settled(rig);
    const done = await run(respond.denyInPermissionSet, await signedWrite(containment, 'denyInPermissionSet'));
    await settled(rig);
    const denied = [await callWith(rig, hers), await callWith(rig, his)];
    lose('sso:DeleteInlinePolicyFromPermissionSet');
    await failureOf(run(respond.undoDenyInPermissionSet, await signedUndo(containment, done)));
    await run(respond.undoDenyInPermissionSet, await signedUndo(containment, done));
    await settled(rig);
    const undone = [await callWith(rig, hers), await callWith(rig, his)];

    expect(lost.retryable).toBe(true);
    expect(done).toMatchObject({ changed: false, before: 'absent' });
    expect(denied).toEqual(['UnauthorizedOperation', 'allowed']);
    expect(undone).toEqual(['allowed', 'allowed']);
  });

  it('is denied inside the permission set although the taking of the assignment was under way: the provisioning waits for its turn', async () => {
    const containment = await plannedFor(rig, await mira());
    const { respond } = rig.activities;
    const hers = sessionOf('mira');

    const taken = await run(respond.deleteAssignment, await signedWrite(containment, 'deleteAssignment'));
    const { principal } = containment;
    const target = { principal, target: taken.target, incidentId: INCIDENT_ID, recorded: taken };
    const underWay = await bareMeasures(rig).deleteAssignment.verify(target);
    const early = await failureOf(run(respond.denyInPermissionSet, await signedWrite(containment, 'denyInPermissionSet')));
    await settled(rig);
    const done = await run(respond.denyInPermissionSet, await signedWrite(containment, 'denyInPermissionSet'));
    await settled(rig);
    const left = await bareMeasures(rig).deleteAssignment.verify(target);
    const answer = await callWith(rig, hers);
    for (const [undo, result] of [
      [respond.undoDenyInPermissionSet, done],
      [respond.undoDeleteAssignment, taken],
    ] as const) {
      await run(undo, await signedUndo(containment, result));
      await settled(rig);
    }

    expect(underWay).toEqual({ holds: true, found: 'being deleted' });
    expect(early).toMatchObject({ type: 'ConflictInFlight', retryable: true });
    expect(done).toMatchObject({ changed: false, before: 'absent' });
    expect(left).toEqual({ holds: true, found: 'absent' });
    expect(answer).toBe('UnauthorizedOperation');
    expect(await callWith(rig, sessionOf('mira'))).toBe('allowed');
  });
});

describe('the root user of a member account', () => {
  it('loses its key for good, under the SCP that stops it too, once, although the answer was lost', async () => {
    const rootKey = rig.range.rootKeys[DATA];
    if (rootKey === undefined) throw new Error('root has no key');
    const alert = await anAlertNow(rig, { account: DATA, principalKind: 'root', hints: { accessKeyId: rootKey.accessKeyId } });
    const resolution = await run(rig.activities.main.resolvePrincipal, alert);
    if (!resolution.found) throw new Error(resolution.detail);
    const plan = { principalKind: 'root', hints: alert.hints } as const;
    const containment = await plannedFor(rig, resolution.principal, plan);
    const { respond } = rig.activities;
    const before = await callWith(rig, rootKey);

    const [byScp] = await contain(containment, ['quarantineByScp']);
    const stopped = await callWith(rig, rootKey);
    rig.range.faults.add({ id: 'lost', match: { api: 'iam:DeleteAccessKey' }, times: 2, effect: { kind: 'loseAnswer' } });
    const lost = await failureOf(run(respond.deleteRootCredentials, await signedWrite(containment, 'deleteRootCredentials')));
    const done = await run(respond.deleteRootCredentials, await signedWrite(containment, 'deleteRootCredentials'));
    const again = await run(respond.deleteRootCredentials, await signedWrite(containment, 'deleteRootCredentials'));
    const { principal } = containment;
    const held = await bareMeasures(rig).deleteRootCredentials.verify({ principal, target: done.target, incidentId: INCIDENT_ID });
    const refused = await failureOf(run(respond.undoDeleteRootCredentials, await signedUndo(containment, done)));
    const madeUp = await failureOf(run(respond.undoDeleteRootCredentials, await signedUndo(containment, { ...done, before: 'AKIA' })));
    const count = writesOf(rig).length;
    if (byScp !== undefined) await run(respond.undoQuarantineByScp, await signedUndo(containment, byScp));

    expect(before).toBe('allowed');
    expect(stopped).toBe('UnauthorizedOperation');
    expect(containment.plan.measures.find(({ measure }) => measure === 'deleteRootCredentials')?.reversible).toBe('none');
    expect(lost.retryable).toBe(true);
    expect([done, again].map(({ before: value }) => value)).toEqual(['present', 'present']);
    expect(again.changed).toBe(false);
    expect(held.holds).toBe(true);
    expect([refused.type, madeUp.type]).toEqual(['PreconditionFailed', 'UnsafeAction']);
    expect(writesOf(rig)).toHaveLength(count + 1);
    expect(await callWith(rig, rootKey)).not.toBe('allowed');
  });
});
