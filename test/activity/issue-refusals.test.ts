import { CreateUserCommand, DeleteAccessKeyCommand, DeleteUserCommand, GetUserCommand, TagUserCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Consent } from '../../src/contracts/authority.js';
import type { Principal } from '../../src/contracts/principal.js';
import type { IssueInput } from '../../src/contracts/recovery.js';
import { aRig, failureOf, type Rig, run } from '../fixtures/activities.js';
import { tampered } from '../fixtures/authority.js';
import { CI_DEPLOY, clientsOf, denyResponder } from '../fixtures/range.js';
import { aContainedUser, aKeyOf, anIssue, keysOf, principalOf, signatures } from '../fixtures/restore.js';

let rig: Rig;
let principal: Principal;
beforeAll(async () => {
  rig = await aRig();
  ({ principal } = await aContainedUser(rig, 'reporting'));
});
afterEach(async () => {
  rig.range.faults.clear();
  await rig.editPolicy('rails.yaml');
});
afterAll(() => rig.close());

interface Row {
  readonly name: string;
  readonly consent?: Partial<Consent>;
  readonly change?: (input: IssueInput) => Partial<IssueInput> | Promise<Partial<IssueInput>>;
  readonly arrange?: () => unknown;
  readonly says: string;
  readonly type?: string;
}

const hour = 3_600_000;
const signedAs = async (subject: string, input: IssueInput, change: Partial<Consent>): Promise<Partial<IssueInput>> => ({
  consents: await signatures(
    rig,
    { principal: input.plan.principal, planSha256: input.planSha256, tier: 'A1' },
    { subjects: [subject], change: { action: 'recover', ...change } },
  ),
});

/** A recovery of a principal that is made up in part. */
async function about(input: IssueInput, change: Partial<Principal>): Promise<Partial<IssueInput>> {
  const made = { ...input.plan.principal, ...change };
  const plan = { ...input.plan, principal: made, secretName: `tourniquet/${input.incidentId}/${made.name}` };
  return { plan, ...(await signedAs('lea', { ...input, plan }, {})) };
}

const rows: Row[] = [
  { name: 'no signature', change: () => ({ consents: [] }), says: '0 of 1 consent(s)' },
  { name: 'a consent to contain', consent: { action: 'contain' }, says: 'given for contain, not for recover' },
  { name: 'a consent to restore', consent: { action: 'restore' }, says: 'given for restore, not for recover' },
  { name: 'a consent to eradicate', consent: { action: 'eradicate' }, says: 'given for eradicate, not for recover' },
  { name: 'a consent of another incident', consent: { incidentId: 'INC-20261122-ZZZZZZZZ' }, says: 'given for incident' },
  { name: 'a consent to another plan', consent: { planSha256: 'b'.repeat(64) }, says: 'given for another plan' },
  { name: 'a consent about another principal', consent: { principalUniqueId: 'AIDAOTHER' }, says: 'given for another principal' },
  {
    name: 'a consent that expired',
    consent: { decidedAt: new Date(Date.now() - 2 * hour).toISOString(), expiresAt: new Date(Date.now() - hour).toISOString() },
    says: 'it expired at',
  },
  {
    name: 'a consent of tomorrow',
    consent: { decidedAt: new Date(Date.now() + hour).toISOString(), expiresAt: new Date(Date.now() + 2 * hour).toISOString() },
    says: 'dated in the future',
  },
  { name: 'a rejection', consent: { decision: 'reject' }, says: 'it is a rejection' },
  {
    name: 'a changed consent',
    change: ({ consents }) => ({ consents: consents.map((jws) => tampered(jws, { tier: 'A3' })) }),
    says: '0 of 1',
  },
  { name: 'a person who may not approve', change: (input) => signedAs('alex', input, {}), says: 'may not approve' },
  {
    name: 'the owner by its tag, although the input names no owner',
    arrange: () =>
      clientsOf(rig.range, 'admin').iam.send(new TagUserCommand({ UserName: 'reporting', Tags: [{ Key: 'ir:owner', Value: 'lea' }] })),
    says: 'linked to the principal',
  },
  {
    name: 'the unique id of a user under the name of another, whose owner signs',
    change: (input) => about(input, { name: 'dana' }),
    says: 'user dana is now',
    type: 'PreconditionFailed',
  },
  { name: 'a secret that goes elsewhere', change: ({ plan }) => ({ plan: { ...plan, secretName: 'public/key' } }), says: 'another place' },
  { name: 'a role', change: (input) => about(input, { kind: 'role' }), says: 'only users have access keys' },
  {
    name: 'dryRun',
    arrange: () => rig.editPolicy('rails.yaml', (text) => text.replace('dryRun: false', 'dryRun: true')),
    says: 'nothing is written',
  },
  {
    name: 'an account that is not on the allow-list',
    arrange: () => rig.editPolicy('rails.yaml', (text) => text.replace(/^accounts: .*$/m, "accounts: ['999900001111']")),
    says: 'not on the allow-list',
  },
  {
    name: 'a user of an account we do not act in',
    change: (input) => about(input, { account: '999900001111' }),
    says: 'we act in account 111122223333',
  },
  {
    name: 'a second signature that rails.yaml asks for',
    arrange: () => rig.editPolicy('rails.yaml', (text) => text.replace('recover: 1', 'recover: 2')),
    says: '1 of 2 consent(s)',
  },
  {
    name: 'a principal that cannot be read because AWS throttles: a later attempt may come through',
    arrange: () => rig.range.faults.add({ id: 'slow', match: { api: 'iam:GetUser' }, effect: { kind: 'throttle' } }),
    says: 'Rate exceeded',
    type: 'Throttled',
  },
  {
    name: 'tags that cannot be read because AWS throttles: the owner may be among those who signed',
    arrange: () => rig.range.faults.add({ id: 'slow', match: { api: 'iam:ListUserTags' }, effect: { kind: 'throttle' } }),
    says: 'the owners of reporting are not known',
    type: 'UpstreamUnavailable',
  },
];

const unchanged = async (): Promise<Partial<IssueInput>> => ({});
const RETRYABLE = ['Throttled', 'UpstreamUnavailable'];

describe('no key is made for', () => {
  afterEach(() =>
    clientsOf(rig.range, 'admin').iam.send(new TagUserCommand({ UserName: 'reporting', Tags: [{ Key: 'ir:owner', Value: 'team-web' }] })),
  );

  it.each(rows)('$name', async ({ consent = {}, change = unchanged, arrange, says, type = 'UnsafeAction' }) => {
    const input = await anIssue(rig, principal, consent);
    const spoiled = { ...input, ...(await change(input)) };
    await arrange?.();
    const before = rig.range.writesBy(rig.range.identities.restorer.accessKeyId).length;

    const refused = await failureOf(run(rig.activities.restore.issueCredential, spoiled));

    expect(refused).toMatchObject({ type, retryable: RETRYABLE.includes(type) });
    expect(refused.message).toContain(says);
    expect(rig.range.writesBy(rig.range.identities.restorer.accessKeyId)).toHaveLength(before);
  });

  it('the owner of ci-deploy, nor a user that the never-touch list protects under a made-up ARN', async () => {
    const ci = await principalOf(rig, `arn:aws:iam::111122223333:user/automation/${CI_DEPLOY}`);
    const spare = Object.entries(await keysOf(rig.range, CI_DEPLOY)).find(([, status]) => status === 'Inactive');
    await clientsOf(rig.range, 'admin').iam.send(new DeleteAccessKeyCommand({ UserName: CI_DEPLOY, AccessKeyId: spare?.[0] }));
    const ofOwner = await anIssue(rig, { ...ci, ownerSubjects: [] });
    const breakGlass = await principalOf(rig, 'arn:aws:iam::111122223333:user/breakglass/break-glass');
    const madeUp = await anIssue(rig, { ...breakGlass, arn: 'arn:aws:iam::111122223333:user/somebody' });

    const owner = await failureOf(run(rig.activities.restore.issueCredential, { ...ofOwner, ...(await signedAs('omar', ofOwner, {})) }));
    const protectedOne = await failureOf(run(rig.activities.restore.issueCredential, madeUp));

    expect([owner.type, protectedOne.type]).toEqual(['UnsafeAction', 'UnsafeAction']);
    expect(owner.message).toContain('omar is linked to the principal');
    expect(protectedOne.message).toContain('never-touch list');
    expect(await keysOf(rig.range, 'break-glass')).toEqual({});
  });

  it('a user that was made again under the same name, and names the reader when AWS denies the tags', async () => {
    const { iam } = clientsOf(rig.range, 'admin');
    const first = await aContainedUser(rig, 'mailer');
    const input = await anIssue(rig, first.principal);
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'mailer', AccessKeyId: first.oldKeyId }));
    await iam.send(new DeleteUserCommand({ UserName: 'mailer' }));
    const gone = await failureOf(run(rig.activities.restore.issueCredential, input));
    await iam.send(new CreateUserCommand({ UserName: 'mailer', Path: '/services/' }));
    const other = await failureOf(run(rig.activities.restore.issueCredential, input));
    const { User } = await iam.send(new GetUserCommand({ UserName: 'mailer' }));
    await aKeyOf(rig, 'mailer');
    const again = await anIssue(rig, await principalOf(rig, User?.Arn ?? ''));
    await denyResponder(rig.range, 'iam:ListUserTags', 'restorer');
    const denied = await failureOf(run(rig.activities.restore.issueCredential, again));

    expect([gone.type, other.type, denied.type]).toEqual(['TargetNotFound', 'PreconditionFailed', 'PermissionDenied']);
    expect(other.message).toContain(first.principal.uniqueId);
    expect(Object.keys(await keysOf(rig.range, 'mailer'))).toHaveLength(1);
  });
});
