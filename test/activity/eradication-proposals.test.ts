import { UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EradicationPlan, ProposeInput } from '../../src/contracts/eradication.js';
import { Timeline } from '../../src/contracts/timeline.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { aRig, failureOf, type Rig, run } from '../fixtures/activities.js';
import { anAttack, type Attack, buildTimeline } from '../fixtures/attack.js';
import { anEradication, remove } from '../fixtures/eradication.js';
import { CI_DEPLOY, clientsOf, INCIDENT_ID } from '../fixtures/range.js';
import { keysOf, principalOf } from '../fixtures/restore.js';

const ARN = 'arn:aws:iam::111122223333';
let rig: Rig;
let attack: Attack;
let timeline: Timeline;
let plan: EradicationPlan;
beforeAll(async () => {
  rig = await aRig({ attackerMakes: true });
  attack = await anAttack(rig);
  // One look names what was made; the rest of the lineage adds no thing to remove.
  const { ref } = await buildTimeline(attack, { quick: true });
  timeline = Timeline.parse(JSON.parse(new TextDecoder().decode(await rig.working.get(ref))));
  plan = await propose();
}, 60_000);
afterAll(() => rig.close());

/** What is proposed from the timeline, or from one that says more. */
async function propose(change: Partial<Timeline> = {}, known: Partial<ProposeInput> = {}): Promise<EradicationPlan> {
  const text = canonicalJson({ ...timeline, ...change });
  const ref = await rig.working.put(`${INCIDENT_ID}/timeline/${Math.random()}.json`, Buffer.from(text));
  const input = { incidentId: INCIDENT_ID, principals: [attack.principal], timeline: ref, compromisedKeys: [], issuedKeyIds: [] };
  return run(rig.activities.main.proposeEradication, { ...input, ...known });
}

function madeRow(arn: string, type: string, action: string): Timeline['resources'][number] {
  return { arn, type, action, provedBy: 'event-x', present: true };
}

const targetsOf = ({ proposals }: EradicationPlan): string[] => proposals.map(({ target }) => target);

describe('proposeEradication', () => {
  it('proposes what the attacker made and the compromised key, 5 in all, in an order in which nothing hangs on the next', () => {
    const { made } = attack;
    const leaked = rig.range.identities.leaked.accessKeyId;

    expect(plan.proposals.map(({ proposalId, action, target, why }) => [proposalId, action, target, why])).toEqual([
      ['E1', 'terminateInstance', `arn:aws:ec2:us-east-1:111122223333:instance/${made.instance}`, 'attackerMade'],
      ['E2', 'deleteAccessKey', leaked, 'compromised'],
      ['E3', 'deleteUser', `${ARN}:user/${made.user}`, 'attackerMade'],
      ['E4', 'deleteRole', `${ARN}:role/${made.role}`, 'attackerMade'],
      ['E5', 'deletePolicy', made.policy, 'attackerMade'],
    ]);
    expect(plan.proposals.map(({ uniqueId }) => uniqueId)).toEqual([
      made.instance,
      leaked,
      expect.stringMatching(/^AIDA/),
      expect.stringMatching(/^AROA/),
      expect.stringMatching(/^ANPA/),
    ]);
    for (const { provedBy } of plan.proposals.filter(({ why }) => why === 'attackerMade'))
      expect(timeline.entries.find(({ eventId }) => eventId === provedBy)?.lane).toBe('attacker');
  });

  it('gives the same plan under the same hash when it is asked again', async () => {
    const again = await propose();

    expect({ ...again, plannedAt: plan.plannedAt }).toEqual(plan);
  });

  it('leaves to a person what is older than the first malicious event, though the timeline names it', async () => {
    const found = await propose({
      resources: [...timeline.resources, madeRow(`${ARN}:user/dana`, 'AWS::IAM::User', 'CreateUser')],
    });

    expect(targetsOf(found)).toEqual(targetsOf(plan));
    expect(found.guided).toContainEqual(expect.objectContaining({ title: `deleteUser ${ARN}:user/dana` }));
    expect(found.guided.find(({ title }) => title.endsWith('dana'))?.why).toContain('before the first malicious event');
  });

  it('leaves to a person what the never-touch list protects, although records leave the path out, and ourselves', async () => {
    const key = { kind: 'access-key', parent: null, provedBy: 'event-x', strength: 'exact', used: true, alive: true };
    const found = await propose({
      resources: [
        ...timeline.resources,
        madeRow(`${ARN}:user/break-glass`, 'AWS::IAM::User', 'CreateUser'),
        madeRow(`${ARN}:role/OrganizationAccountAccessRole`, 'AWS::IAM::Role', 'CreateRole'),
        madeRow(rig.range.identities.restorer.accessKeyId, 'AWS::IAM::AccessKey', 'CreateAccessKey'),
      ],
      credentials: [
        ...timeline.credentials,
        { ...key, id: rig.range.identities.restorer.accessKeyId, principal: `${ARN}:user/tourniquet-restorer` },
      ],
    });

    expect(targetsOf(found)).toEqual(targetsOf(plan));
    expect(found.guided.filter(({ why }) => why.includes('never-touch list')).map(({ title }) => title)).toEqual([
      `deleteAccessKey ${rig.range.identities.restorer.accessKeyId}`,
      `deleteUser ${ARN}:user/break-glass`,
      `deleteRole ${ARN}:role/OrganizationAccountAccessRole`,
    ]);
  });

  it('proposes nothing in another account, although a user of that name is here, and no key of unknown owner', async () => {
    const found = await propose({
      resources: [
        ...timeline.resources,
        madeRow(`arn:aws:iam::999988887777:user/${attack.made.user}`, 'AWS::IAM::User', 'CreateUser'),
        madeRow('AKIAUNKNOWNUNKNOWN01', 'AWS::IAM::AccessKey', 'CreateAccessKey'),
      ],
    });

    expect(targetsOf(found)).toEqual(targetsOf(plan));
    expect(found.guided.filter(({ why }) => why.includes('not on the allow-list')).map(({ title }) => title)).toEqual([
      'deleteAccessKey AKIAUNKNOWNUNKNOWN01',
      `deleteUser arn:aws:iam::999988887777:user/${attack.made.user}`,
    ]);
  });

  it('proposes no key that we issued, and nothing that is gone', async () => {
    const gone = madeRow(`${ARN}:user/never-was`, 'AWS::IAM::User', 'CreateUser');

    const found = await propose({ resources: [...timeline.resources, gone] }, { issuedKeyIds: [rig.range.identities.leaked.accessKeyId] });

    expect(targetsOf(found)).toEqual(targetsOf(plan).filter((target) => target !== rig.range.identities.leaked.accessKeyId));
    expect(JSON.stringify(found.guided)).not.toContain('never-was');
  });

  it('proposes nothing of which no first malicious event is known', async () => {
    const found = await propose({ entries: timeline.entries.filter(({ lane }) => lane !== 'attacker') });

    expect(targetsOf(found)).toEqual([rig.range.identities.leaked.accessKeyId]);
    expect(found.firstMaliciousAt).toBeUndefined();
  });

  it('leaves the compromised key to a person while it is active', async () => {
    const { iam } = clientsOf(rig.range, 'admin');
    const key = { UserName: CI_DEPLOY, AccessKeyId: rig.range.identities.leaked.accessKeyId };
    await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }));
    const found = await propose();
    await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));

    expect(targetsOf(found)).not.toContain(key.AccessKeyId);
    expect(found.guided.map(({ why }) => why).join()).toContain('still active');
  });

  it('proposes a key that an alert names and nobody used, once, unless it is of another user or we issued it', async () => {
    const keys = Object.keys(await keysOf(rig.range, CI_DEPLOY));
    const retired = keys.find((id) => id !== rig.range.identities.leaked.accessKeyId) ?? '';
    const named = (owner: string) => ({ compromisedKeys: keys.map((accessKeyId) => ({ accessKeyId, owner })) });

    const found = await propose({}, named(attack.principal.arn));
    const other = await propose({}, named(`${ARN}:user/dana`));
    const issued = await propose({}, { ...named(attack.principal.arn), issuedKeyIds: [retired] });

    expect(
      targetsOf(found)
        .filter((target) => keys.includes(target))
        .toSorted(),
    ).toEqual(keys.toSorted());
    expect(found.proposals.find(({ target }) => target === retired)).toMatchObject({ why: 'compromised', owner: attack.principal.arn });
    expect(targetsOf(other)).toEqual(targetsOf(plan));
    expect(targetsOf(issued)).toEqual(targetsOf(plan));
  });

  it('refuses a timeline that was altered', async () => {
    const ref = await rig.working.put(`${INCIDENT_ID}/timeline/altered.json`, Buffer.from(canonicalJson(timeline)));
    const input = { incidentId: INCIDENT_ID, principals: [attack.principal], compromisedKeys: [], issuedKeyIds: [] };

    const refused = await failureOf(
      run(rig.activities.main.proposeEradication, { ...input, timeline: { ...ref, sha256: 'b'.repeat(64) } }),
    );

    expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
  });
});

describe('the proposals carried out in their order', () => {
  it('leave the attacker no way in, the account else as it was, and a copy of each thing', async () => {
    const before = rig.range.iamState();
    const principal = await principalOf(rig, attack.principal.arn);

    const outcomes = [];
    for (const proposal of plan.proposals) {
      const input = await anEradication(rig, { principal, plan, proposal });
      outcomes.push(await remove(rig, input));
      expect((await remove(rig, input)).outcome).toBe('alreadyGone');
    }

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(plan.proposals.map(() => 'removed'));
    for (const { before: copy } of outcomes) if (copy) expect((await rig.evidence.get(copy)).length).toBeGreaterThan(50);
    expect(outcomes.every(({ before: copy }) => copy !== undefined)).toBe(true);
    const after = rig.range.iamState();
    const { made } = attack;
    expect(after.users).toEqual(
      before.users
        .filter(({ name }) => name !== made.user)
        .map((user) =>
          user.name === CI_DEPLOY
            ? { ...user, keys: user.keys.filter(({ accessKeyId }) => accessKeyId !== rig.range.identities.leaked.accessKeyId) }
            : user,
        ),
    );
    expect(after.roles).toEqual(before.roles.filter(({ name }) => name !== made.role));
    expect(after.policies).toEqual(before.policies.filter(({ arn }) => arn !== made.policy));
    expect(rig.range.instances().map(({ state }) => state)).toEqual(['terminated']);
    expect(rig.range.attackerAccess().filter(({ alive }) => alive)).toEqual([]);
    expect((await propose()).proposals).toEqual([]);
  });
});
