import { describe, expect, it } from 'vitest';
import { DENY_ALL_DOCUMENT } from '../../../src/domain/planning/documents.js';
import { measureCallFor } from '../../../src/domain/planning/measure-calls.js';
import { userMeasures } from '../../../src/domain/planning/user-measures.js';
import { aPrincipal } from '../../fixtures/builders.js';
import { aSnapshot } from '../../fixtures/planning.js';

const scope = { principal: aPrincipal(), incidentId: 'INC-20261122-ABCDEFGH', tier: 'A0' as const, shared: false, escalated: false };

describe('the measures for an IAM user', () => {
  it('are three denies and one key measure for each of 2 keys, the inactive one included', () => {
    const { measures } = userMeasures(aSnapshot(), scope);

    expect(measures.map(({ measure }) => measure)).toEqual([
      'attachQuarantinePolicy',
      'denyUser',
      'putBoundary',
      'deactivateAccessKey',
      'deactivateAccessKey',
    ]);
    expect(measures.every(({ reversible }) => reversible === 'exact')).toBe(true);
  });

  it.each(['absent', 'unknown'] as const)('leave the managed layer out and say so when the quarantine policy is %s', (quarantinePolicy) => {
    const { measures, doesNotStop } = userMeasures(aSnapshot({ quarantinePolicy }), scope);

    expect(measures.map(({ measure }) => measure)).not.toContain('attachQuarantinePolicy');
    expect(doesNotStop.join()).toContain(`policy/ir/IRQuarantine is ${quarantinePolicy}`);
  });

  it('leave the managed layer out at 10 attached policies, unless ours is among them', () => {
    const others = Array.from({ length: 10 }, (_, index) => `arn:aws:iam::111122223333:policy/p${index}`);
    const ours = 'arn:aws:iam::111122223333:policy/ir/IRQuarantine';

    expect(userMeasures(aSnapshot({ attachedPolicyArns: others }), scope).measures).toHaveLength(4);
    expect(userMeasures(aSnapshot({ attachedPolicyArns: [...others.slice(1), ours] }), scope).measures).toHaveLength(5);
  });

  it('leave the inline layer out when fewer than its characters of the 2,048 are free', () => {
    const document = 'x'.repeat(2048 - DENY_ALL_DOCUMENT.length + 1);

    const { measures, doesNotStop } = userMeasures(aSnapshot({ inlinePolicies: [{ name: 'big', document }] }), scope);

    expect(measures.map(({ measure }) => measure)).not.toContain('denyUser');
    expect(doesNotStop.join()).toContain('inline layer left out');
  });

  it('are the same calls when the writer makes them again from measure and target', () => {
    for (const call of userMeasures(aSnapshot(), scope).measures) expect(measureCallFor(call, scope)).toEqual(call);
  });
});
