import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/domain/canonical-json.js';
import { buildTimeline } from '../../../src/domain/timeline/build.js';
import { livePrincipals } from '../../../src/domain/timeline/summary.js';
import { Timeline, type TimelineLane } from '../../../src/contracts/timeline.js';
import { attackRecords, type AttackRecords, CI_DEPLOY_ARN } from './attack-records.js';

let attack: AttackRecords;
beforeAll(async () => {
  attack = await attackRecords();
});

/** A list in an order that only the seed decides. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function built(records: Iterable<unknown> = attack.records, change: Partial<AttackRecords['question']> = {}) {
  return buildTimeline(records, { ...attack.question, ...change }, attack.reading);
}

function idsOf(timeline: Timeline, lane: TimelineLane): Set<string> {
  return new Set(timeline.entries.filter((entry) => entry.lane === lane).map(({ eventId }) => eventId));
}

describe('the lanes of a timeline', () => {
  it('hold every call of the attacker, and none of the holder, of us or of a neighbour, in the lane attacker', () => {
    const { timeline } = built();

    expect(Timeline.parse(timeline)).toEqual(timeline);
    expect(attack.by.attacker.size).toBeGreaterThan(30);
    expect(idsOf(timeline, 'attacker')).toEqual(attack.by.attacker);
  });

  it('hold every call of the rightful holder, who uses the same key from elsewhere, in the lane holder', () => {
    const holder = idsOf(built().timeline, 'holder');

    expect(attack.by.holder.size).toBeGreaterThan(2);
    expect([...attack.by.holder].filter((id) => !holder.has(id))).toEqual([]);
    expect([...holder].filter((id) => attack.by.attacker.has(id) || attack.by.responder.has(id))).toEqual([]);
  });

  it('hold our own calls, and each event once', () => {
    const { timeline } = built();
    const ids = timeline.entries.map(({ eventId }) => eventId);

    expect(attack.by.responder.size).toBeGreaterThan(4);
    expect(idsOf(timeline, 'responder')).toEqual(attack.by.responder);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('hold each event once, in the lane responder, although one of our own identities is asked about', () => {
    const [ours = ''] = attack.question.responders;
    const { timeline } = built(attack.records, { seeds: [...attack.question.seeds, ours] });
    const ids = timeline.entries.map(({ eventId }) => eventId);

    expect(new Set(ids).size).toBe(ids.length);
    expect(idsOf(timeline, 'responder')).toEqual(attack.by.responder);
  });

  it('tell our calls by the role behind a session, with a path or without', () => {
    const [first] = attack.records.filter(({ eventID }) => attack.by.responder.has(eventID));
    const issuer = { type: 'Role', arn: 'arn:aws:iam::111122223333:role/ir/responder', accountId: '111122223333' };
    const arn = 'arn:aws:sts::111122223333:assumed-role/responder/INC-1';
    const asRole = { ...first, eventID: 'as-role', userIdentity: { type: 'AssumedRole', arn, sessionContext: { sessionIssuer: issuer } } };
    const responders = new Set(['arn:aws:iam::111122223333:role/responder']);

    expect(idsOf(built([...attack.records, asRole], { responders }).timeline, 'responder')).toEqual(new Set(['as-role']));
  });

  it('give the calls with a key that we issued to the holder', () => {
    const issuedKeyIds = new Set([attack.leakedKeyId]);

    const { timeline } = built(attack.records, { issuedKeyIds });

    const byIssued = timeline.entries.filter(({ accessKeyId }) => accessKeyId === attack.leakedKeyId);
    expect(byIssued.length).toBeGreaterThan(10);
    expect(new Set(byIssued.map(({ lane }) => lane))).toEqual(new Set(['holder']));
  });

  it('are in order of time, and name a call of the attacker from the attacker’s address as the first malicious one', () => {
    const { timeline } = built();
    const times = timeline.entries.map(({ at }) => Date.parse(at));
    const first = timeline.entries.find(({ lane }) => lane === 'attacker');
    const earliest = Math.min(
      ...attack.records.filter(({ eventID }) => attack.by.attacker.has(eventID)).map(({ eventTime }) => Date.parse(eventTime)),
    );

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(first?.sourceIp).toBe('203.0.113.66');
    expect(Date.parse(first?.at ?? '')).toBe(earliest);
  });
});

describe('the same timeline', () => {
  it('comes from the records in any order, duplicated, and in any number of deliveries: 40 ways', () => {
    const known = canonicalJson(built().timeline);

    for (let seed = 1; seed <= 40; seed += 1) {
      const twice = [...attack.records, ...shuffled(attack.records, seed).slice(0, seed * 5)];
      expect(canonicalJson(built(shuffled(twice, seed)).timeline)).toBe(known);
    }
  });

  it('comes from 2 versions of one event in either order, and says that they differ', () => {
    const [first] = attack.records;
    const other = { ...first, userAgent: 'another agent' };

    const one = built([...attack.records, other]).timeline;
    const two = built([other, ...attack.records]).timeline;

    expect(canonicalJson(one)).toBe(canonicalJson(two));
    expect(one.completeness).toMatchObject({ complete: false, gaps: ['some event ids came with two different contents'] });
  });
});

describe('what is known at the end', () => {
  it('is that a key we switched off and a user we removed are over, while the role that was made still stands', () => {
    const { timeline, lineage } = built();
    const alive = timeline.credentials.filter((one) => one.alive).map(({ id }) => id);
    const user = timeline.resources.filter(({ arn, action }) => arn.endsWith(attack.made.user) && action === 'CreateUser');
    const live = livePrincipals(timeline, lineage, new Set([CI_DEPLOY_ARN]));

    expect(alive).not.toContain(attack.leakedKeyId);
    expect(alive).not.toContain(attack.made.key);
    expect(user).toMatchObject([{ present: false }]);
    expect(live.map(({ arn }) => arn)).toEqual([`arn:aws:iam::111122223333:role/${attack.made.role}`]);
  });

  it('is the same live user and role before we removed anything, and nobody in scope among them, with a path or without', () => {
    const { timeline, lineage } = built(attack.records.filter(({ eventID }) => !attack.by.responder.has(eventID)));
    const without = livePrincipals(timeline, lineage, new Set(['arn:aws:iam::111122223333:user/ci-deploy']));
    const withPath = livePrincipals(timeline, lineage, new Set([CI_DEPLOY_ARN]));

    expect(without).toEqual(withPath);
    expect(withPath.map(({ arn, how }) => ({ arn, how }))).toEqual([
      { arn: `arn:aws:iam::111122223333:role/${attack.made.role}`, how: 'made by the intruder' },
      { arn: `arn:aws:iam::111122223333:user/${attack.made.user}`, how: 'made by the intruder' },
    ]);
  });
});

describe('completeness', () => {
  it('names what was not read although everything asked for was', () => {
    const { completeness } = built().timeline;

    expect(completeness).toMatchObject({ complete: true, gaps: [], records: attack.records.length, pages: 3 });
    expect(completeness.notRead.join('\n')).toMatch(
      /data events[^]*regions other than us-east-1[^]*accounts other than 111122223333[^]*later/,
    );
  });

  it('is not claimed for a text that is no record, for what the reading left out, nor when the theft does not show', () => {
    const broken = built([...attack.records, { no: 'record' }]).timeline.completeness;
    const cut = buildTimeline(attack.records, attack.question, { ...attack.reading, complete: false, gaps: ['the newest 1000 only'] });
    const empty = built([]).timeline.completeness;

    expect(broken).toMatchObject({ complete: false, gaps: ['some texts are no readable records'] });
    expect(cut.timeline.completeness).toMatchObject({ complete: false, gaps: ['the newest 1000 only'] });
    expect(empty).toMatchObject({ complete: false, gaps: ['the seed does not occur in the logs'] });
  });
});
