import { describe, expect, it } from 'vitest';
import type { Consent } from '../../src/contracts/authority.js';
import {
  aContainment,
  activitiesOf,
  anUndo,
  aWrite,
  consentsOf,
  type Containment,
  failureOf,
  rigsOfThisFile,
  run,
} from '../fixtures/activities.js';
import { aConsent, signedBy, tampered } from '../fixtures/authority.js';
import { INCIDENT_ID, writesOfResponder } from '../fixtures/range.js';
import {
  byAlert,
  byRule,
  type Change,
  done,
  nothingIsWritten,
  past,
  people,
  planned,
  records,
  type Row,
  sharedContainment,
  tag,
} from './refusals.js';

const containment = sharedContainment();
const ownRig = rigsOfThisFile();

const consents: Row[] = [
  {
    name: 'a consent of lea made with the key of alex',
    given: (c) => records(c, signedBy(c.rig.keyDir, 'alex', { typ: 'tourniquet-consent', body: aConsent(c.plan, 'lea') })),
    says: "the signature is not lea's",
  },
  {
    name: 'a consent whose tier was raised after signing',
    given: (c) =>
      records(
        c,
        consentsOf(c, ['lea']).then(([jws = '']) => tampered(jws, { tier: 'A3' })),
      ),
    says: "the signature is not lea's",
  },
  {
    name: 'a consent signed as a receipt',
    given: (c) => records(c, signedBy(c.rig.keyDir, 'lea', { typ: 'tourniquet-receipt', body: aConsent(c.plan, 'lea') })),
    says: "the signature is not lea's",
  },
  {
    name: 'a receipt in the place of a consent',
    given: (c) => records(c, signedBy(c.rig.keyDir, 'ingest', { typ: 'tourniquet-consent', body: c.alert })),
    says: 'not a signed consent',
  },
  {
    name: 'a stranger who signs',
    given: (c) => records(c, signedBy(c.rig.keyDir, 'lea', { typ: 'tourniquet-consent', body: aConsent(c.plan, 'mallory') })),
    says: 'mallory of local is not in people.yaml',
  },
  { name: 'a consent that expired', given: (c) => people(c, ['lea'], { expiresAt: past(1) }), says: 'it expired at' },
  { name: 'a consent 5 min from the future', given: (c) => people(c, ['lea'], { decidedAt: past(-300_000) }), says: 'dated in the future' },
  { name: 'a consent to restore', given: (c) => people(c, ['lea'], { action: 'restore' }), says: 'given for restore, not for contain' },
  { name: 'a consent for another incident', given: (c) => people(c, ['lea'], { incidentId: 'INC-OTHER' }), says: 'for incident INC-OTHER' },
  { name: 'a consent for another plan', given: (c) => people(c, ['lea'], { planSha256: 'c'.repeat(64) }), says: 'for another plan' },
  {
    name: 'a consent for another user',
    given: (c) => people(c, ['lea'], { principalUniqueId: 'AIDAOTHER' }),
    says: 'for another principal',
  },
  { name: 'a consent of omar, who owns ci-deploy', given: (c) => people(c, ['omar']), says: 'omar is linked to the principal' },
  {
    name: 'a consent of omar in a plan that leaves the owners out',
    given: async (c) => {
      const principal = { ...c.principal, ownerSubjects: [] };
      return { ...(await people(c, ['omar'])), principal, approvedPlan: planned(c, { principal }) };
    },
    says: 'omar is linked to the principal',
  },
  {
    name: 'a consent of lea, who is named by the owner tag since',
    arrange: (c) => tag(c, 'ir:owner', 'sec-lead@portfolio.local'),
    given: (c) => people(c, ['lea']),
    says: 'lea is linked to the principal',
  },
  { name: 'a consent of alex, whose team may not approve', given: (c) => people(c, ['alex']), says: 'may not approve' },
  { name: 'a rejection', given: (c) => people(c, ['lea'], { decision: 'reject' }), says: 'it is a rejection' },
  {
    name: 'no consent at all in mode approve',
    arrange: ({ rig }) => (rig.guard.mode = 'approve'),
    given: (c) => people(c, []),
    says: '0 of 1 consent',
  },
  {
    name: '1 consent when the guard cannot be reached',
    arrange: ({ rig }) => (rig.guard.reachable = false),
    given: (c) => people(c, ['lea']),
    says: '1 of 2 consent(s) hold for contain',
  },
  {
    name: '2 consents of the same person when the guard cannot be reached',
    arrange: ({ rig }) => (rig.guard.reachable = false),
    given: (c) => people(c, ['lea', 'lea']),
    says: '1 of 2 consent(s) hold for contain',
  },
  {
    name: 'consents for tier A1 on a user who was tagged critical in between',
    arrange: (c) => tag(c, 'ir:criticality', 'critical'),
    given: (c) => people(c, ['lea', 'mara']),
    says: 'given for tier A1, the plan is now A2',
  },
];

nothingIsWritten('a consent', { rows: consents, containment });

describe('by the wrong people nothing is undone:', () => {
  it.each<{ name: string; subjects: string[]; change?: Partial<Consent>; says: string }>([
    { name: '2 consents to contain', subjects: ['lea', 'mara'], change: { action: 'contain' }, says: '0 of 2 consent(s) hold for restore' },
    { name: '1 consent to restore', subjects: ['lea'], says: '1 of 2 consent(s) hold for restore' },
    { name: '2 consents of the same person', subjects: ['mara', 'mara'], says: '1 of 2 consent(s) hold for restore' },
    { name: 'the owner as the second person', subjects: ['lea', 'omar'], says: 'omar is linked to the principal' },
    { name: '2 consents of yesterday', subjects: ['lea', 'mara'], change: { expiresAt: past(86_400_000) }, says: 'it expired at' },
  ])('$name', async ({ subjects, change, says }) => {
    const undo = done('denyUser', `IRQuarantine-${INCIDENT_ID}`);
    const signed = await people(containment(), subjects, { action: 'restore', ...change });

    const refused = await failureOf(
      run(containment().rig.activities.respond.undoDenyUser, await aWrite(containment(), 'denyUser', { undo, ...signed })),
    );

    expect(refused).toMatchObject({ type: 'UnsafeAction' });
    expect(refused.message).toContain(says);
    expect(writesOfResponder(containment().rig.range)).toEqual([]);
  });

  it('an alert in the place of people', async () => {
    const undo = done('denyUser', `IRQuarantine-${INCIDENT_ID}`);

    const refused = await failureOf(
      run(
        containment().rig.activities.respond.undoDenyUser,
        await aWrite(containment(), 'denyUser', { undo, ...(await byAlert(containment())) }),
      ),
    );

    expect(refused.message).toContain('it wants signatures of people');
    expect(writesOfResponder(containment().rig.range)).toEqual([]);
  });
});

describe.concurrent('in order, and written:', () => {
  it.each<[string, (c: Containment) => unknown, (c: Containment) => Change]>([
    ['an alert of tier A0 in mode auto', () => undefined, byAlert],
    ['1 consent in mode observe', ({ rig }) => (rig.guard.mode = 'observe'), (c) => people(c, ['lea'])],
    ['2 people when the guard cannot be reached', ({ rig }) => (rig.guard.reachable = false), (c) => people(c, ['lea', 'mara'])],
    ['the no-answer rule after 60 s', () => undefined, (c) => byRule(c, {})],
    [
      '2 people for tier A2 on a critical user',
      (c) => tag(c, 'ir:criticality', 'critical'),
      (c) => people(c, ['lea', 'mara'], { tier: 'A2' }),
    ],
  ])('%s', async (_, arrange, given) => {
    const own = await aContainment(await ownRig());
    await arrange(own);

    const result = await run(own.rig.activities.respond.denyUser, await aWrite(own, 'denyUser', await given(own)));

    expect(result.changed).toBe(true);
    expect(writesOfResponder(own.rig.range)).toEqual(['iam:PutUserPolicy']);
  });

  it('an undo by 2 people while the guard is stopped', async () => {
    const own = await aContainment(await ownRig());
    const { rig } = own;
    const original = rig.range.iamState();
    const written = await run(activitiesOf(rig, 'denyUser').apply, await aWrite(own, 'denyUser'));
    rig.guard.stopped = true;

    const undone = await run(activitiesOf(rig, 'denyUser').undo, await anUndo(own, written));

    expect(undone.changed).toBe(true);
    expect(rig.range.iamState()).toEqual(original);
  });
});
