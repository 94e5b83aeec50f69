import { describe, expect, it } from 'vitest';
import { MAX_SINGLE_SESSIONS } from '../../../src/contracts/principal.js';
import { distinctSessions } from '../../../src/domain/engine/containment-view.js';
import { roleMeasures } from '../../../src/domain/planning/role-measures.js';
import { aPrincipal } from '../../fixtures/builders.js';
import { aSnapshot } from '../../fixtures/planning.js';

const ROLE = { kind: 'role', name: 'build', arn: 'arn:aws:iam::111122223333:role/build', uniqueId: 'AROA7EXAMPLEBUILD0001' } as const;

/** Names of the measures for a role of which so many sessions are known to be the intruder's. */
function measuresFor(count: number, shared: boolean): string[] {
  const sessions = distinctSessions(
    [],
    Array.from({ length: count }, (_, index) => `s${index}`),
  );
  const scope = {
    principal: { ...aPrincipal(), ...ROLE, sessions },
    incidentId: 'INC-20261122-ABCDEFGH',
    tier: 'A2' as const,
    escalated: false,
  };
  return roleMeasures(aSnapshot(), { ...scope, shared }).measures.map(({ measure }) => measure);
}

describe('the measures for a role', () => {
  it('stop only the known sessions where others use the role', () => {
    expect(measuresFor(2, true)).toEqual(['denySession', 'denySession']);
    expect(measuresFor(2, false)).not.toContain('denySession');
    expect(measuresFor(0, true)).not.toContain('denySession');
  });

  it('stop the whole role, whoever uses it, when there are more sessions than are stopped one by one', () => {
    expect(measuresFor(MAX_SINGLE_SESSIONS, true)).toEqual(Array.from({ length: MAX_SINGLE_SESSIONS }, () => 'denySession'));
    for (const count of [MAX_SINGLE_SESSIONS + 1, 500]) {
      expect(measuresFor(count, true)).toEqual(measuresFor(count, false));
      expect(measuresFor(count, true)).not.toContain('denySession');
    }
  });
});
