import { CreateUserCommand, DeleteUserCommand, GetUserCommand, TagUserCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EradicateInput, Proposal } from '../../src/contracts/eradication.js';
import type { Principal } from '../../src/contracts/principal.js';
import { aRig, failureOf, type Rig } from '../fixtures/activities.js';
import { tampered } from '../fixtures/authority.js';
import { anEradication, aPlanOf, aProposal, remove, writesOfRestorer } from '../fixtures/eradication.js';
import { CI_DEPLOY, clientsOf, denyResponder } from '../fixtures/range.js';
import { aKeyOf, principalOf } from '../fixtures/restore.js';

let rig: Rig;
let principal: Principal;
let proposal: Proposal;
beforeAll(async () => {
  rig = await aRig();
  principal = await principalOf(rig, `arn:aws:iam::111122223333:user/automation/${CI_DEPLOY}`);
  await admin().send(new CreateUserCommand({ UserName: 'svc-made', Path: '/x/' }));
  proposal = await aProposal(rig, 'deleteUser', 'arn:aws:iam::111122223333:user/x/svc-made');
});
afterEach(() => rig.editPolicy('rails.yaml'));
afterAll(() => rig.close());

const admin = () => clientsOf(rig.range, 'admin').iam;
const hour = 3_600_000;
const past = (ms: number): string => new Date(Date.now() - ms).toISOString();

interface Row {
  readonly name: string;
  readonly consent?: Parameters<typeof anEradication>[2];
  /** A proposal of a plan that people did sign. */
  readonly proposed?: Partial<Proposal>;
  /** What came after the signatures. */
  readonly change?: (input: EradicateInput) => Partial<EradicateInput>;
  readonly arrange?: () => unknown;
  readonly says: string;
  readonly type?: string;
}

const signatures: Row[] = [
  { name: 'no signature', change: () => ({ consents: [] }), says: '0 of 2 consent(s)' },
  { name: '1 signature of 2', consent: { subjects: ['lea'] }, says: '1 of 2 consent(s)' },
  { name: '1 person who signs twice', consent: { subjects: ['lea', 'lea'] }, says: '1 of 2 consent(s)' },
  { name: 'consents to contain', consent: { action: 'contain' }, says: 'given for contain, not for eradicate' },
  { name: 'consents to recover', consent: { action: 'recover' }, says: 'given for recover, not for eradicate' },
  { name: 'the owner of ci-deploy as the second', consent: { subjects: ['lea', 'omar'] }, says: 'omar is linked to the principal' },
  { name: 'a forensic analyst as the second', consent: { subjects: ['lea', 'alex'] }, says: 'may not approve' },
  {
    name: 'consents that expired',
    consent: { decidedAt: past(2 * hour), expiresAt: past(hour) },
    says: 'it expired at',
  },
  { name: 'consents of another incident', consent: { incidentId: 'INC-20261122-ZZZZZZZZ' }, says: 'given for incident' },
  { name: 'rejections', consent: { decision: 'reject' }, says: 'it is a rejection' },
  {
    name: 'consents changed after they were signed',
    consent: { action: 'contain' },
    change: ({ consents }) => ({ consents: consents.map((jws) => tampered(jws, { action: 'eradicate' })) }),
    says: '0 of 2 consent(s)',
  },
];

const plans: Row[] = [
  {
    name: 'a proposal that is not part of the plan',
    change: ({ proposal: one }) => ({ proposal: { ...one, target: 'arn:aws:iam::111122223333:user/people/dana' } }),
    says: 'not part of the plan',
  },
  {
    name: 'a plan that was changed under its hash',
    change: ({ plan, proposal: one }) => {
      const other = { ...one, target: 'arn:aws:iam::111122223333:user/people/dana' };
      return { proposal: other, plan: { ...plan, proposals: [other] } };
    },
    says: 'not the one its hash names',
  },
  {
    name: 'another beginning of the theft than was signed',
    change: ({ plan }) => ({ plan: { ...plan, firstMaliciousAt: '2020-01-01T00:00:00.000Z' } }),
    says: 'not the one its hash names',
  },
  {
    name: 'a changed plan under a hash of its own',
    change: ({ proposal: one }) => {
      const other = { ...one, why: 'compromised' as const };
      return { proposal: other, plan: aPlanOf([other]) };
    },
    says: 'given for another plan',
  },
  {
    name: 'the proposal of another action',
    proposed: { action: 'deleteRole' },
    change: ({ plan, proposal: one }) => ({ plan, proposal: { ...one, action: 'deleteUser' } }),
    says: 'not part of the plan',
  },
];

const things: Row[] = [
  { name: 'another unique id', proposed: { uniqueId: 'AIDAOTHER' }, type: 'PreconditionFailed', says: 'not AIDAOTHER' },
  {
    name: 'a user of the same name elsewhere',
    proposed: { target: 'arn:aws:iam::111122223333:user/y/svc-made' },
    type: 'PreconditionFailed',
    says: 'user/y/svc-made',
  },
  { name: 'another account', proposed: { account: '999900001111' }, says: 'we act in account 111122223333, not 999900001111' },
  {
    name: 'a user on the never-touch list under another path',
    proposed: { target: 'arn:aws:iam::111122223333:user/break-glass', uniqueId: 'AIDAX' },
    says: 'never-touch list',
  },
  { name: 'ourselves', proposed: { target: 'arn:aws:iam::111122223333:user/tourniquet-restorer' }, says: 'our own identity' },
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
];

describe.each([
  ['who signed', signatures],
  ['what was signed', plans],
  ['what it is', things],
] as const)('for %s nothing is removed:', (_, rows) => {
  it.each(rows)('$name', async ({ consent, proposed, change = () => ({}), arrange, says, type = 'UnsafeAction' }) => {
    const plan = aPlanOf([{ ...proposal, ...proposed }]);
    const input = await anEradication(rig, { principal, plan }, consent);
    await arrange?.();

    const refused = await failureOf(remove(rig, { ...input, ...change(input) }));

    expect(refused).toMatchObject({ type, retryable: false });
    expect(refused.message).toContain(says);
    expect(writesOfRestorer(rig)).toEqual([]);
  });
});

describe('what is not the intruder’s', () => {
  it('stays when it is older than the first malicious event that people signed', async () => {
    const plan = aPlanOf([proposal], { firstMaliciousAt: new Date(Date.now() + 60_000).toISOString() });

    const refused = await failureOf(remove(rig, await anEradication(rig, { principal, plan })));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(refused.message).toContain('before the first malicious event');
    expect(writesOfRestorer(rig)).toEqual([]);
  });

  it('stays when no malicious event is known', async () => {
    const plan = aPlanOf([proposal], { firstMaliciousAt: undefined });

    const refused = await failureOf(remove(rig, await anEradication(rig, { principal, plan })));

    expect(refused).toMatchObject({ type: 'UnsafeAction', retryable: false });
    expect(writesOfRestorer(rig)).toEqual([]);
  });

  it('is a user that was made under the name of the one that was proposed', async () => {
    await admin().send(new CreateUserCommand({ UserName: 'svc-again' }));
    const target = 'arn:aws:iam::111122223333:user/svc-again';
    const plan = aPlanOf([await aProposal(rig, 'deleteUser', target)]);
    const input = await anEradication(rig, { principal, plan });
    await admin().send(new DeleteUserCommand({ UserName: 'svc-again' }));
    await admin().send(new CreateUserCommand({ UserName: 'svc-again' }));

    const refused = await failureOf(remove(rig, input));

    expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
    expect((await admin().send(new GetUserCommand({ UserName: 'svc-again' }))).User?.UserName).toBe('svc-again');
  });

  it('is a key of a user on the never-touch list, whatever path records give it', async () => {
    const { accessKeyId } = await aKeyOf(rig, 'break-glass');
    const owner = 'arn:aws:iam::111122223333:user/bg';
    const key: Proposal = { ...proposal, action: 'deleteAccessKey', target: accessKeyId, uniqueId: accessKeyId };
    const named = aPlanOf([{ ...key, owner: 'arn:aws:iam::111122223333:user/break-glass' }]);
    const nobody = aPlanOf([{ ...key, owner }]);
    const none = aPlanOf([key]);

    const refused = await failureOf(remove(rig, await anEradication(rig, { principal, plan: named })));
    const gone = await remove(rig, await anEradication(rig, { principal, plan: nobody }));
    const unowned = await failureOf(remove(rig, await anEradication(rig, { principal, plan: none })));

    expect(refused.message).toContain('never-touch list');
    expect(gone.outcome).toBe('alreadyGone');
    expect(unowned.type).toBe('InvalidPayload');
    expect(writesOfRestorer(rig)).toEqual([]);
  });

  it('is anything while nobody can tell who owns the principal', async () => {
    await admin().send(new TagUserCommand({ UserName: CI_DEPLOY, Tags: [{ Key: 'ir:owner', Value: 'lea' }] }));
    const input = await anEradication(rig, { principal, plan: aPlanOf([proposal]) });

    const owner = await failureOf(remove(rig, input));
    await denyResponder(rig.range, 'iam:ListUserTags', 'restorer');
    const unknown = await failureOf(remove(rig, input));

    expect(owner.message).toContain('lea is linked to the principal');
    expect(unknown).toMatchObject({ type: 'PermissionDenied', retryable: false });
    expect(writesOfRestorer(rig)).toEqual([]);
  });
});
