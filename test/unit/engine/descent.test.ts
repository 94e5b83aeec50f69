import { describe, expect, it } from 'vitest';
import { type DescentEdge, type DescentStep, MAX_DESCENT } from '../../../src/contracts/authority.js';
import type { MeasureCall, MeasureName, Plan } from '../../../src/contracts/plan.js';
import type { Rails, TierFact } from '../../../src/contracts/policies.js';
import type { Descendant } from '../../../src/contracts/watch.js';
import {
  betterDescent,
  descendantKey,
  edgeTo,
  isFought,
  isIntrudersAlone,
  leftToPerson,
  sessionsJudged,
} from '../../../src/domain/engine/descent.js';
import { tierFor } from '../../../src/domain/planning/tier.js';
import { aPrincipal } from '../../fixtures/builders.js';
import { aPlan, aSnapshot } from '../../fixtures/planning.js';
import { shippedPolicies } from '../../fixtures/policies.js';

const USER = 'arn:aws:iam::111122223333:user/ci-deploy';
const SSO_ROLE = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0123456789abcdef';

function aDescendant(change: Partial<Descendant> = {}): Descendant {
  return {
    arn: 'arn:aws:iam::111122223333:user/backdoor',
    callerArn: USER,
    how: 'created',
    api: 'CreateUser',
    eventId: 'event-1',
    region: 'us-east-1',
    eventAt: '2026-11-22T10:05:00.000Z',
    fromHolder: false,
    ...change,
  };
}

/** A descent by these steps. */
function steps(...hows: DescentStep[]): DescentEdge[] {
  return hows.map((how, index) => ({
    parentArn: `arn:aws:iam::111122223333:user/u${index}`,
    childArn: `arn:aws:iam::111122223333:user/u${index + 1}`,
    how,
    eventId: `event-${index}`,
    region: 'us-east-1',
  }));
}

function planned(...measures: [MeasureName, string][]): Plan {
  const calls = measures.map(([measure, target]): MeasureCall => ({ measure, target, calls: [], reversible: 'exact', layer: 'deny' }));
  return aPlan({ principal: aPrincipal(), measures: calls });
}

describe('what is left to a person', () => {
  it('is what came from an address of the rightful holder, and what is more than 8 steps away', () => {
    expect(MAX_DESCENT).toBe(8);
    expect(leftToPerson(aDescendant(), 0)).toBeUndefined();
    expect(leftToPerson(aDescendant(), 7)).toBeUndefined();
    expect(leftToPerson(aDescendant(), 8)).toBe('it is more than 8 steps away');
    expect(leftToPerson(aDescendant({ fromHolder: true }), 0)).toBe('the call came from an address the rightful holder uses');
  });
});

describe('the step to a descendant', () => {
  const child = { arn: 'arn:aws:iam::111122223333:user/made/backdoor' };

  it('begins at the principal and ends where AWS resolved what the event names', () => {
    const parent = { arn: USER, kind: 'user' } as const;

    expect(edgeTo(aDescendant({ callerArn: 'arn:aws:iam::111122223333:user/other' }), { parent, child })).toEqual({
      parentArn: USER,
      childArn: child.arn,
      how: 'created',
      eventId: 'event-1',
      region: 'us-east-1',
    });
  });

  it('begins, for a person of Identity Center, at the role of the permission set that called', () => {
    const parent = { arn: 'arn:aws:identitystore:::user/9067642ac7-1', kind: 'identityCenterUser' } as const;

    expect(edgeTo(aDescendant({ callerArn: SSO_ROLE }), { parent, child }).parentArn).toBe(SSO_ROLE);
  });
});

describe('a descent', () => {
  it.each<[DescentStep[], boolean]>([
    [['created'], true],
    [['became'], true],
    [['became', 'created', 'became'], true],
    [['changed'], false],
    [['cameFrom'], false],
    [['created', 'changed'], false],
    [['changed', 'created'], false],
    [['cameFrom', 'created'], false],
    [[], false],
  ])('of %j is the intruder’s alone: %s', (hows, alone) => {
    expect(isIntrudersAlone(steps(...hows))).toBe(alone);
  });

  it('is replaced only when it ran through somebody’s and the new one does not', () => {
    const [opened, made] = [steps('changed'), steps('created')];

    expect(betterDescent(opened, made)).toBe(true);
    expect(betterDescent(steps('created', 'cameFrom'), made)).toBe(true);
    expect(betterDescent(opened, opened)).toBe(false);
    expect(betterDescent(made, steps('became'))).toBe(false);
    expect(betterDescent(made, opened)).toBe(false);
    // The alert's own principal descends from nobody.
    expect(betterDescent([], made)).toBe(false);
    expect(betterDescent(undefined, made)).toBe(false);
  });

  it('is known by its event, and by its session where one event leads to several places', () => {
    const keys = [aDescendant(), aDescendant({ session: 'i-0aaa' }), aDescendant({ session: 'i-0bbb' })].map(descendantKey);

    expect(keys).toEqual(['event-1', 'event-1 i-0aaa', 'event-1 i-0bbb']);
  });
});

describe('a containment', () => {
  const firstDenyAt = '2026-11-22T10:05:00.000Z';
  const drift = { at: firstDenyAt, measure: 'denyUser', target: 'ci-deploy', found: 'gone' } as const;
  const guarded = planned(['quarantineByScp', 'p-1'], ['denyUser', 'ci-deploy']);
  const calm = { drifts: [], descendants: [], firstDenyAt };
  const wentOn = (eventAt: string) => ({ ...calm, descendants: [aDescendant({ eventAt })] });

  it('is fought when somebody strips it, or goes on from the first deny on', () => {
    expect(isFought(guarded, { ...calm, drifts: [drift] })).toBe(true);
    expect(isFought(guarded, wentOn(firstDenyAt))).toBe(true);
    expect(isFought(guarded, wentOn('2026-11-22T10:04:59.000Z'))).toBe(false);
    expect(isFought(guarded, calm)).toBe(false);
  });

  it('is never made again where no SCP can freeze, or nothing is planned', () => {
    expect(isFought(planned(['denyUser', 'ci-deploy']), { ...calm, drifts: [drift] })).toBe(false);
    expect(isFought(undefined, { ...calm, drifts: [drift] })).toBe(false);
  });

  it('judges the sessions it stops, or the whole principal', () => {
    expect(sessionsJudged(planned(['quarantineByScp', 'p-1'], ['denySession', 'sync'], ['denySession', 'i-0aaa']))).toEqual([
      'sync',
      'i-0aaa',
    ]);
    expect(sessionsJudged(guarded)).toBeUndefined();
  });
});

describe('the tier of what descends', () => {
  const calm = { legitimateUseLast24h: false, callers: [], activeKeys: 0, notRead: [] };

  /** Whether a fact holds: rails of one row that asks for it alone. */
  async function holds(fact: TierFact, descent: DescentEdge[], sessionsOnly: boolean): Promise<boolean> {
    const shipped = await shippedPolicies.rails();
    const rails: Rails = { ...shipped, tiers: [{ tier: 'A0', when: [fact], why: fact }] };
    return tierFor({ rails, descent, sessionsOnly, snapshot: aSnapshot(), blastRadius: calm, alerts: [] }).tier === 'A0';
  }

  it.each<[DescentStep[], boolean, { descendant: boolean; intruderOnly: boolean }]>([
    [['created'], false, { descendant: true, intruderOnly: true }],
    [['became', 'created'], false, { descendant: true, intruderOnly: true }],
    [['became'], false, { descendant: true, intruderOnly: false }],
    [['became'], true, { descendant: true, intruderOnly: true }],
    [['created', 'became'], false, { descendant: true, intruderOnly: false }],
    [['changed'], true, { descendant: false, intruderOnly: false }],
    [['cameFrom'], true, { descendant: false, intruderOnly: false }],
    [['changed', 'created'], true, { descendant: false, intruderOnly: false }],
    [['became', 'changed'], true, { descendant: false, intruderOnly: false }],
    [['cameFrom', 'became'], true, { descendant: false, intruderOnly: false }],
    [[], true, { descendant: false, intruderOnly: false }],
  ])('rests, for %j with only sessions stopped: %s, on %o', async (hows, sessionsOnly, expected) => {
    const descent = steps(...hows);

    expect({
      descendant: await holds('descendant', descent, sessionsOnly),
      intruderOnly: await holds('intruderOnly', descent, sessionsOnly),
    }).toEqual(expected);
  });

  it.each<[DescentStep, string, number]>([
    ['created', 'A0', 0],
    ['became', 'A0', 0],
    ['changed', 'A1', 1],
    ['cameFrom', 'A1', 1],
  ])('is, as shipped, for what the intruder %s: %s with %i signatures', async (how, tier, quorum) => {
    const rails = await shippedPolicies.rails();

    expect(tierFor({ rails, descent: steps(how), snapshot: aSnapshot(), blastRadius: calm, alerts: [] })).toMatchObject({ tier, quorum });
  });
});
