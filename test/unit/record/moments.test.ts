import { describe, expect, it } from 'vitest';
import type { IncidentState } from '../../../src/contracts/incident.js';
import type { MomentName } from '../../../src/contracts/record.js';
import { momentAt, momentsOf } from '../../../src/domain/record/moments.js';
import { aPrincipal, anAlert, aVerdict, aView } from '../../fixtures/builders.js';
import { omit } from '../../fixtures/omit.js';
import { anIncidentRecord } from '../../fixtures/record.js';
import { aState } from '../engine/state-fixture.js';

const iso = (time: string): string => `2026-11-22T${time}.000Z`;

function aStateWith(change: Partial<IncidentState>): IncidentState {
  return aState({ alerts: { total: 1, bySource: { guardduty: 1 }, seen: [], kept: [anAlert()] }, ...change });
}

function moment(state: IncidentState, name: MomentName): [string, string] | undefined {
  const found = momentAt(momentsOf(state), name);
  return found === undefined ? undefined : [found.at, found.fixedBy];
}

const proven = (name: string, change: Parameters<typeof aView>[0] = {}) =>
  aView({
    containmentId: `containment/111122223333/user/${name}`,
    principal: aPrincipal(name),
    state: 'proven',
    appliedAt: iso('10:05:00'),
    effectiveFromAt: iso('10:06:00'),
    provenAt: iso('10:20:00'),
    provenBy: ['AccessDenied for ListUsers'],
    ...change,
  });

const scopeOf = (...views: ReturnType<typeof aView>[]) => Object.fromEntries(views.map((view) => [view.containmentId, view]));

describe('moments', () => {
  it('takes the earliest detection, and says which alert', () => {
    const kept = [anAlert(), anAlert({ alertId: 'finding-0', detectedAt: iso('09:50:00'), receivedAt: iso('10:02:00') })];

    const state = aStateWith({ alerts: { total: 2, bySource: {}, seen: [], kept } });

    expect(moment(state, 'detected')).toEqual([iso('09:50:00'), 'alert guardduty finding-0']);
  });

  it('remembers the detection of the alert that opened the incident when that alert is no longer kept', () => {
    const state = aStateWith({
      clockStartAt: iso('09:40:00'),
      alerts: { total: 9, bySource: {}, seen: [], kept: [anAlert({ detectedAt: iso('10:10:00') })] },
    });

    expect(moment(state, 'detected')).toEqual([iso('09:40:00'), 'the alert that opened the incident']);
  });

  it('names the alert where it and the start of the clocks agree', () => {
    expect(moment(aStateWith({}), 'detected')).toEqual([iso('10:00:00'), 'alert guardduty finding-1']);
  });

  it('is acknowledged by the first of: an acknowledgement, a verdict, an answer', () => {
    const state = aStateWith({ decidedAt: iso('10:03:00'), verdict: aVerdict('confirmed', 80) });
    const withPerson = { ...state, ladder: { ...state.ladder, acknowledgedAt: iso('10:02:00'), acknowledgedBy: 'lea' } };

    expect(moment(state, 'acknowledged')).toEqual([iso('10:03:00'), 'verdict confirmed']);
    expect(moment(withPerson, 'acknowledged')).toEqual([iso('10:02:00'), 'acknowledged by lea']);
  });

  it('acts first with the first automated step of the response, not with the validation', () => {
    const state = aStateWith({});
    state.steps['validate'] = { stepId: 'validate', status: 'done', startedAt: iso('10:01:00') };
    state.steps['contain'] = { stepId: 'contain', status: 'running', startedAt: iso('10:02:00') };

    expect(moment(state, 'firstAction')).toEqual([iso('10:02:00'), 'step contain began']);
  });

  it('is contained only with the slowest of 2 containments, and not before all are', () => {
    const slow = proven('other', { appliedAt: iso('10:30:00'), effectiveFromAt: iso('10:31:00'), provenAt: iso('10:50:00') });
    const unproven = omit(slow, 'provenAt');

    const both = aStateWith({ scope: scopeOf(proven('ci-deploy'), slow) });
    const one = aStateWith({ scope: scopeOf(proven('ci-deploy'), { ...unproven, state: 'quiet', provenBy: [] }) });

    expect(moment(both, 'applied')).toEqual([iso('10:30:00'), 'containment of other']);
    expect(moment(both, 'effectiveFrom')).toEqual([iso('10:31:00'), 'containment of other, proven']);
    expect(moment(both, 'proven')).toEqual([iso('10:50:00'), 'other: AccessDenied for ListUsers']);
    expect(moment(one, 'applied')).toEqual([iso('10:30:00'), 'containment of other']);
    expect(moment(one, 'effectiveFrom')).toBeUndefined();
    expect(moment(one, 'proven')).toBeUndefined();
  });

  it('leaves out a containment that was let go before it wrote anything', () => {
    const letGo = aView({ containmentId: 'containment/x', principal: aPrincipal('x'), state: 'released', releasedAt: iso('10:02:00') });

    const state = aStateWith({ scope: scopeOf(proven('ci-deploy'), letGo) });

    expect(moment(state, 'proven')?.[0]).toBe(iso('10:20:00'));
    expect(moment(state, 'released')).toBeUndefined();
  });

  it('takes the first malicious event from the timeline, with its id', () => {
    const { timeline } = anIncidentRecord();

    const state = aStateWith(timeline === undefined ? {} : { timeline });

    expect(moment(state, 'firstMalicious')).toEqual([
      '2026-11-22T09:41:10.000Z',
      expect.stringMatching(/^event \S+ sts:GetCallerIdentity from 203\.0\.113\.7$/),
    ]);
  });

  it('is recovered and closed by what says so', () => {
    const state = aStateWith({
      recoveredAt: iso('14:00:00'),
      closing: { outcome: 'resolved', reason: 'every step is done', at: iso('15:00:00') },
    });

    expect(moment(state, 'recovered')).toEqual([iso('14:00:00'), 'step recover; new keys none']);
    expect(moment(state, 'closed')).toEqual([iso('15:00:00'), 'every step is done']);
  });

  it('has no moment that has not come, and never guesses the compromise', () => {
    const names = momentsOf(aStateWith({})).map(({ name }) => name);

    expect(names).toEqual(['detected', 'received']);
  });
});
