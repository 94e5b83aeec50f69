import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/contracts/alert.js';
import { activitiesOf, failureOf, run } from '../fixtures/activities.js';
import { aRole } from '../fixtures/iam-things.js';
import { anAlertNow, signedWrite, writesOf } from '../fixtures/organization-acts.js';
import { anOrganizationRig, clientsWith, DATA, HUB, MAIN, MANAGEMENT, type OrganizationRig } from '../fixtures/organization-rig.js';
import { stateOf } from '../fixtures/organization-state.js';
import { INCIDENT_ID } from '../fixtures/range.js';

const FOREIGN = '999988887777';

let rig: OrganizationRig;
let original: Awaited<ReturnType<typeof stateOf>>;
beforeAll(async () => {
  rig = await anOrganizationRig();
  await aRole(clientsWith(rig.range, rig.range.identities.admin).iam, 'breakglass-admin', `arn:aws:iam::${MANAGEMENT}:root`);
  original = await stateOf(rig);
});
afterAll(() => rig.close());

/** `bare`: the alert names no account. */
type Change = Partial<Alert> & { bare?: true };
type Hostile = Change | ((rig: OrganizationRig) => Change);

const roleNamed = (userName: string, account = MAIN): Partial<Alert> => ({ account, principalKind: 'role', hints: { userName } });
const userNamed = (userName: string, account = MAIN): Partial<Alert> => ({ account, principalKind: 'user', hints: { userName } });
const arnHint = (path: string, account = MAIN): Partial<Alert> => ({
  account,
  principalKind: 'unknown',
  hints: { arn: `arn:aws:iam::${account}:${path}` },
});
/** A session of a role, as GuardDuty names it. */
const sessionOf =
  (name: string): Hostile =>
  ({ range }) => {
    const id = range.iamState().roles.find((role) => role.name === name)?.id ?? '';
    return { principalKind: 'session', hints: { userName: name, principalId: `${id}:ir-${INCIDENT_ID}-Responder` } };
  };
const keyOf =
  (account: string, userName: string, change: Change = {}): Hostile =>
  ({ range }) => ({ account, hints: { accessKeyId: range.accountKeys[account]?.[userName]?.accessKeyId ?? '' }, ...change });
/** AWS says which account it is of. */
const bareKeyOf = (account: string, userName: string): Hostile => keyOf(account, userName, { bare: true });

/** Resolves, plans, and then tries to write every planned measure under the signatures of two people. */
async function handle(alert: Alert): Promise<string[]> {
  const { main } = rig.activities;
  const resolving = run(main.resolvePrincipal, alert);
  const resolution = await resolving.catch(async () => ({ found: false as const, ...(await failureOf(resolving)) }));
  if (!resolution.found) return ['detail' in resolution ? resolution.detail : `${resolution.type}: ${resolution.message}`];
  const { principal } = resolution;
  const plan = await run(main.planContainment, { incidentId: INCIDENT_ID, principal, alerts: [alert] });
  const containment = { rig, alert, principal, plan };
  for (const call of plan.measures) {
    const input = await signedWrite(containment, call.measure, { call, subjects: ['lea', 'mara'] });
    const refused = await failureOf(run(activitiesOf(rig, call.measure).apply, input));
    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
  }
  return plan.measures.length === 0 ? plan.guidance.map(({ title, why }) => `${title}: ${why}`) : plan.refusals;
}

const OURS = /never-touch list|our own identity/;
const BY_HAND = /contained by hand/;
const rows: [string, Hostile, RegExp][] = [
  ['the Reader role by name', roleNamed('Reader'), OURS],
  ['the Responder role by name', roleNamed('Responder'), OURS],
  ['the Restorer role by name', roleNamed('Restorer'), OURS],
  ['a session of the Responder', sessionOf('Responder'), OURS],
  ['the Responder by ARN', arnHint('role/ir/Responder'), /names neither/],
  ['the Orchestrator by name', roleNamed('Orchestrator', HUB), BY_HAND],
  ['the hub’s Responder by name', roleNamed('Responder', HUB), BY_HAND],
  ['the worker by key', keyOf(HUB, 'tourniquet-worker'), BY_HAND],
  ['the worker by its key alone', bareKeyOf(HUB, 'tourniquet-worker'), BY_HAND],
  [
    'the worker by its key, said to be of another account',
    keyOf(HUB, 'tourniquet-worker', { account: MAIN }),
    /belongs to account 222233334444/,
  ],
  ['tourniquet-responder by name', userNamed('tourniquet-responder'), OURS],
  ['tourniquet-responder by key', keyOf(MAIN, 'tourniquet-responder'), OURS],
  ['tourniquet-restorer by its key alone', bareKeyOf(MAIN, 'tourniquet-restorer'), OURS],
  ['tourniquet-collector in the name of the leaked user', keyOf(MAIN, 'tourniquet-collector'), OURS],
  ['the break-glass user by name', userNamed('break-glass'), /break-glass identity/],
  ['the break-glass user by ARN', arnHint('user/breakglass/break-glass'), /names neither/],
  ['the break-glass role by name', roleNamed('breakglass-admin'), /break-glass identity/],
  ['OrganizationAccountAccessRole by name', roleNamed('OrganizationAccountAccessRole'), /the organization's way/],
  ['OrganizationAccountAccessRole of another member', roleNamed('OrganizationAccountAccessRole', DATA), /the organization's way/],
  ['a service-linked role by name', roleNamed('AWSServiceRoleForAmazonGuardDuty'), /service-linked roles cannot be contained/],
  [
    'an Identity Center role without a session',
    ({ range }) => roleNamed(range.iamState().roles.find(({ name }) => name.startsWith('AWSReservedSSO_'))?.name ?? ''),
    /Identity Center roles cannot be edited/,
  ],
  ['a user of the management account by name', userNamed('org-admin', MANAGEMENT), BY_HAND],
  ['a user of the management account by key', keyOf(MANAGEMENT, 'org-admin'), BY_HAND],
  ['a user of the management account by its key alone', bareKeyOf(MANAGEMENT, 'org-admin'), BY_HAND],
  ['root of the management account', { account: MANAGEMENT, principalKind: 'root', hints: {} }, /Take the root user back by hand/],
  [
    'the leaked user’s name in another partition',
    { hints: { userName: 'ci-deploy', arn: `arn:aws-us-gov:iam::${MAIN}:user/automation/ci-deploy` } },
    /partition aws-us-gov/,
  ],
  ['a user’s name without an account, where it may be of several', { hints: { userName: 'ci-deploy' }, bare: true }, /names no account/],
  ['a foreign account by name', userNamed('ci-deploy', FOREIGN), /not on the allow-list/],
  ['a foreign account by ARN', arnHint('user/ops', FOREIGN), /not on the allow-list/],
  ['a foreign root', { account: FOREIGN, principalKind: 'root', hints: {} }, /not on the allow-list/],
  [
    'a foreign key by itself',
    ({ range }) => ({ hints: { accessKeyId: range.identities.outsider.accessKeyId }, bare: true }),
    /not on the allow-list/,
  ],
  [
    'a foreign key, said to be of ours',
    ({ range }) => ({ hints: { accessKeyId: range.identities.outsider.accessKeyId } }),
    /belongs to account 999988887777/,
  ],
];

describe('an alert that names', () => {
  it.each(rows)('%s is handed to a person with the reason, and nothing is written', async (_, given, reason) => {
    const { bare = false, ...change } = typeof given === 'function' ? given(rig) : given;
    const alert = await anAlertNow(rig, change);

    const told = await handle(bare ? await withoutAccount(alert) : alert);

    expect(told.join('; ')).toMatch(reason);
    expect(writesOf(rig)).toEqual([]);
    expect(await stateOf(rig)).toEqual(original);
  });
});

/** The same alert, signed without an account. */
async function withoutAccount({ account: _, receipt: __, ...alert }: Alert): Promise<Alert> {
  return rig.authority.signReceipt(alert);
}

describe('an ARN that the lineage names', () => {
  it.each([
    ['of another partition', `arn:aws-cn:iam::${MAIN}:user/automation/ci-deploy`, 'foreign'],
    ['of a foreign account', `arn:aws:iam::${FOREIGN}:role/ops`, 'foreign'],
    ['of the management account', `arn:aws:iam::${MANAGEMENT}:user/people/org-admin`, 'unsupported'],
    ['of the hub', `arn:aws:iam::${HUB}:role/ir/Orchestrator`, 'unsupported'],
  ])('%s is not looked for', async (_, arn, why) => {
    expect(await run(rig.activities.main.resolvePrincipalArn, { arn })).toMatchObject({ found: false, why });
    expect(writesOf(rig)).toEqual([]);
  });
});
