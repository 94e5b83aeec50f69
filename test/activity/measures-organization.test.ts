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
import { stateOf } from '../fixtures/organization-state.js';
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
    await organizations.send(new UpdatePolicyCommand({ PolicyId, Content: content.replaceAll('"Resource":"*"', '"Resource":"arn:aws:s3:::*"') }));
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
