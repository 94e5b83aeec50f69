import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConsentWanted } from '../../src/contracts/authority.js';
import type { GateInput } from '../../src/contracts/guard.js';
import type { JournalLine } from '../../src/contracts/incident.js';
import { aContainment, aRig, consentsOf, type Containment, failureOf, run } from '../fixtures/activities.js';
import { aState } from '../unit/engine/state-fixture.js';
import { INCIDENT_ID, writesOfResponder } from '../fixtures/range.js';

let containment: Containment;

beforeAll(async () => {
  containment = await aContainment(await aRig());
});
afterAll(() => containment.rig.close());

const gate: GateInput = {
  containmentId: 'containment/111122223333/user/ci-deploy',
  incidentId: INCIDENT_ID,
  account: '111122223333',
  tier: 'A0',
  quorum: 0,
  consents: 0,
  byPeople: false,
  byRule: false,
};

describe('the gate', () => {
  it('takes 1 place at the guard when it is reserved 2 times, and none when it is asked', async () => {
    const { guard, activities } = containment.rig;

    const asked = await run(activities.main.askGuard, gate);
    const before = [...guard.reservations];
    const answers = [await run(activities.main.reserveContainment, gate), await run(activities.main.reserveContainment, gate)];

    expect(asked.decision).toBe('go');
    expect(before).toEqual([]);
    expect(answers.map(({ decision }) => decision)).toEqual(['go', 'go']);
    expect(guard.reservations).toEqual([gate.containmentId]);
  });

  it.each([
    ['asks for 2 people when the guard cannot be reached', { reachable: false }, { decision: 'consent', quorum: 2 }],
    ['asks for 2 people at the limit', { limitReached: true }, { decision: 'consent', quorum: 2 }],
    ['holds while the guard is stopped', { stopped: true }, { decision: 'hold' }],
    ['gives the work to a person in mode observe', { mode: 'observe' as const }, { decision: 'byHand' }],
    ['asks for 1 person in mode approve', { mode: 'approve' as const }, { decision: 'consent', quorum: 1 }],
  ])('%s', async (_, state, expected) => {
    const { guard, activities } = containment.rig;
    Object.assign(guard, state);

    const answer = await run(activities.main.askGuard, gate).finally(() =>
      Object.assign(guard, { mode: 'auto', stopped: false, reachable: true, limitReached: false }),
    );

    expect(answer).toMatchObject(expected);
  });
});

describe('checkConsent', () => {
  const wanted = () => {
    const { plan, principal } = containment;
    const { uniqueId: principalUniqueId, ownerSubjects } = principal;
    return {
      incidentId: INCIDENT_ID,
      action: 'contain' as const,
      principalUniqueId,
      planSha256: plan.planSha256,
      tier: plan.tier,
      ownerSubjects,
    };
  };

  it('gives the same answer when the same consent is delivered 2 times', async () => {
    const [record = ''] = await consentsOf(containment, ['lea']);
    const input = { record, subject: 'lea', wanted: wanted() };

    const answers = [
      await run(containment.rig.activities.main.checkConsent, input),
      await run(containment.rig.activities.main.checkConsent, input),
    ];

    expect(answers[0]).toMatchObject({ valid: true, consent: { subject: 'lea', decision: 'approve' } });
    expect(answers[1]).toEqual(answers[0]);
  });

  it.each<{ name: string; signer: string; subject: string; change?: Partial<ConsentWanted>; reason: string }>([
    { name: 'sent by another person', signer: 'lea', subject: 'mara', reason: 'it is signed by lea, sent by mara' },
    { name: 'of the owner', signer: 'omar', subject: 'omar', reason: 'linked to the principal' },
    {
      name: 'to contain, where restore is wanted',
      signer: 'lea',
      subject: 'lea',
      change: { action: 'restore' },
      reason: 'not for restore',
    },
    { name: 'for a lower tier', signer: 'lea', subject: 'lea', change: { tier: 'A2' }, reason: 'the plan is now A2' },
  ])('refuses a consent $name', async ({ signer, subject, change, reason }) => {
    const [record = ''] = await consentsOf(containment, [signer]);

    const answer = await run(containment.rig.activities.main.checkConsent, { record, subject, wanted: { ...wanted(), ...change } });

    expect(answer).toMatchObject({ valid: false, reason: expect.stringContaining(reason) });
  });

  it('refuses what is no consent at all as an answer, and what is no record as InvalidPayload', async () => {
    const input = { record: 'a.b.c', subject: 'lea', wanted: wanted() };

    const answer = await run(containment.rig.activities.main.checkConsent, input);
    const refused = await failureOf(run(containment.rig.activities.main.checkConsent, { ...input, record: 'no signature' }));

    expect(answer).toEqual({ valid: false, reason: 'it is not a signed consent' });
    expect(refused.type).toBe('InvalidPayload');
    expect(refused.message).not.toContain('no signature');
  });
});

describe('loadPlaybook', () => {
  afterEach(() => containment.rig.editPolicy('rails.yaml'));

  it('pins the same playbook and waits when it runs 2 times', async () => {
    const input = { playbookId: 'compromised-credentials', openedAt: new Date().toISOString() };

    const pins = [
      await run(containment.rig.activities.main.loadPlaybook, input),
      await run(containment.rig.activities.main.loadPlaybook, input),
    ];

    expect(pins[0]).toMatchObject({ id: 'compromised-credentials', waits: { id: 'drill-waits' } });
    expect(pins[1]).toEqual(pins[0]);
  });

  it.each(['../rails', 'no-such-playbook', 'rails'])('refuses %s with PlaybookInvalid, permanent', async (playbookId) => {
    const refused = await failureOf(run(containment.rig.activities.main.loadPlaybook, { playbookId, openedAt: new Date().toISOString() }));

    expect(refused).toMatchObject({ type: 'PlaybookInvalid', retryable: false });
  });

  it('refuses the short waits of the drill when an account outside the range is listed', async () => {
    const { rig } = containment;
    await rig.editPolicy('rails.yaml', (text) => text.replace(/^accounts: .*$/m, "accounts: ['111122223333', '999900001111']"));

    const refused = await failureOf(
      run(rig.activities.main.loadPlaybook, { playbookId: 'compromised-credentials', openedAt: new Date().toISOString() }),
    );

    expect(refused.message).toMatch(/drill-waits\.yaml: sessionHoldSeconds: expected at least 129600/);
  });
});

describe('the record store', () => {
  const line = (text: string): JournalLine => ({ at: '2026-11-22T10:00:00.000Z', who: 'workflow', text });

  it('keeps a journal line once when it is delivered 2 times', async () => {
    const { activities, records } = containment.rig;

    await run(activities.main.archiveJournal, { incidentId: INCIDENT_ID, lines: [line('one'), line('two')] });
    await run(activities.main.archiveJournal, { incidentId: INCIDENT_ID, lines: [line('two'), line('three')] });

    expect(await records.readJournal(INCIDENT_ID)).toEqual([line('one'), line('two'), line('three')]);
  });

  it('keeps the last record of an incident, and a repeat changes nothing', async () => {
    const { activities, records } = containment.rig;

    await run(activities.main.recordIncident, { incidentId: INCIDENT_ID, state: aState({ severity: 'LOW' }) });
    const first = await run(activities.main.recordIncident, { incidentId: INCIDENT_ID, state: aState({ severity: 'HIGH' }) });
    const again = await run(activities.main.recordIncident, { incidentId: INCIDENT_ID, state: aState({ severity: 'HIGH' }) });

    expect(await records.getRecord(INCIDENT_ID)).toMatchObject({ severity: 'HIGH', format: 'tourniquet-record-1' });
    expect(again).toEqual(first);
  });

  it('refuses an incident id that leaves its folder', async () => {
    const refused = await failureOf(run(containment.rig.activities.main.recordIncident, { incidentId: '../outside', state: aState() }));

    expect(refused.type).toBe('InvalidPayload');
  });
});

it('wrote nothing to AWS in all of this', () => {
  const writes = writesOfResponder(containment.rig.range);

  expect(writes).toEqual([]);
});
