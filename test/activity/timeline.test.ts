import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Timeline, type TimelineSummary } from '../../src/contracts/timeline.js';
import { aRig, failureOf, type Rig, run } from '../fixtures/activities.js';
import { anAttack, aTimelineInput, type Attack, buildTimeline } from '../fixtures/attack.js';

let rig: Rig;
let attack: Attack;
let summary: TimelineSummary;
let timeline: Timeline;
beforeAll(async () => {
  rig = await aRig({ attackerMakes: true });
  attack = await anAttack(rig);
  summary = await buildTimeline(attack);
  timeline = Timeline.parse(JSON.parse(await textOf(summary.ref)));
}, 60_000);
afterAll(() => rig.close());

async function textOf(ref: TimelineSummary['ref']): Promise<string> {
  return new TextDecoder().decode(await rig.working.get(ref));
}

describe('buildTimeline', () => {
  it('finds the user and the role that the attacker made, and nobody else, as what can still act', () => {
    const arn = 'arn:aws:iam::111122223333';

    expect(summary.live).toEqual([
      expect.objectContaining({ kind: 'role', arn: `${arn}:role/${attack.made.role}`, how: 'made by the intruder' }),
      expect.objectContaining({ kind: 'user', arn: `${arn}:user/${attack.made.user}`, how: 'made by the intruder' }),
    ]);
    expect(summary.external).toEqual(['arn:aws:iam::999988887777:root']);
    expect(summary.alive).toContain(attack.made.key);
    expect(summary.alive).not.toContain(rig.range.identities.leaked.accessKeyId);
  });

  it('has every recorded call of the attacker in the lane attacker and none of the holder, and ours in the lane responder', () => {
    const lanes = new Map(timeline.entries.map(({ eventId, lane }) => [eventId, lane]));
    const lanesOf = (actor: string): Set<string | undefined> =>
      new Set(
        rig.range.ledger().flatMap((entry) => (entry.actor === actor && entry.eventId !== undefined ? [lanes.get(entry.eventId)] : [])),
      );
    const ours = timeline.entries.filter(({ actor }) => actor.endsWith('/tourniquet-responder'));

    expect(lanesOf('opportunist')).toEqual(new Set(['attacker']));
    expect(lanesOf('benign')).toEqual(new Set(['holder']));
    expect(new Set(ours.map(({ lane }) => lane))).toEqual(new Set(['responder']));
    expect(ours.map(({ api }) => api)).toContain('iam:PutUserPolicy');
    expect(summary).toMatchObject({
      attackerEvents: timeline.entries.filter(({ lane }) => lane === 'attacker').length,
      responderEvents: ours.length,
    });
  });

  it('names the first and the last malicious event, and says what was looked at and what was not', () => {
    const first = timeline.entries.find(({ lane }) => lane === 'attacker');

    expect(summary.firstMalicious).toEqual({ eventId: first?.eventId, api: first?.api, at: first?.at, sourceIp: '203.0.113.66' });
    expect(summary.lastMalicious?.sourceIp).toBe('203.0.113.66');
    expect(summary.completeness).toMatchObject({ complete: true, gaps: [], regions: ['us-east-1'], accounts: ['111122223333'] });
    expect(summary.completeness.notRead.join()).toMatch(/data events.*regions other than us-east-1.*accounts other than 111122223333/);
    expect(summary.completeness.pages).toBeGreaterThan(10);
  });

  it('holds no session token and no secret key, in JSON nor in CSV, and the CSV has 1 row an event', async () => {
    const [json, csv] = [await textOf(summary.ref), await textOf(summary.csvRef)];
    const { leaked, responder } = rig.range.identities;

    for (const text of [json, csv, JSON.stringify(summary)]) {
      expect(text).not.toMatch(/sessionToken|FwoG|IQoJ/);
      expect(text).not.toContain(leaked.secretAccessKey);
      expect(text).not.toContain(responder.secretAccessKey);
    }
    expect(csv.trimEnd().split('\n')).toHaveLength(timeline.entries.length + 1);
    expect(JSON.stringify(summary).length).toBeLessThan(20_000);
  });

  it('sees at a first quick look, before anything that descends was read, what was made, and says that it was quick', async () => {
    const quick = await buildTimeline(attack, { quick: true });

    expect(quick.live.map(({ arn }) => arn)).toEqual(summary.live.map(({ arn }) => arn));
    expect(quick.completeness).toMatchObject({ complete: false });
    expect(quick.completeness.gaps.join()).toContain('a first look');
    expect(quick.completeness.pages).toBeLessThan(summary.completeness.pages);
  });

  it('waits for a later attempt when CloudTrail throttles, and names the permission that AWS denies', async () => {
    const match = { api: 'cloudtrail:LookupEvents' };
    rig.range.faults.add({ id: 'slow', match, times: 2, effect: { kind: 'throttle' } });
    const throttled = await failureOf(run(rig.activities.lookup.buildTimeline, aTimelineInput(attack, { quick: true })));
    const message = 'User: x is not authorized to perform: cloudtrail:LookupEvents';
    rig.range.faults.add({ id: 'denied', match, times: 1, effect: { kind: 'error', code: 'AccessDeniedException', status: 400, message } });
    const denied = await failureOf(run(rig.activities.lookup.buildTimeline, aTimelineInput(attack, { quick: true })));

    expect(throttled).toMatchObject({ type: 'Throttled', retryable: true });
    expect(denied).toMatchObject({ type: 'PermissionDenied', retryable: false });
    expect(denied.message).toContain('cloudtrail:LookupEvents');
  });
});
