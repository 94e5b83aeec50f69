import { describe, expect, it } from 'vitest';
import type { Consent } from '../../../src/contracts/authority.js';
import { type ConsentCheck, consentProblem } from '../../../src/domain/planning/consents.js';
import { SHA } from '../../fixtures/builders.js';
import { shippedPolicies } from '../../fixtures/policies.js';

const nowMs = Date.parse('2026-11-22T10:10:00.000Z');
const consent: Consent = {
  incidentId: 'INC-1',
  action: 'contain',
  principalUniqueId: 'AIDA1',
  planSha256: SHA,
  tier: 'A1',
  subject: 'lea',
  issuer: 'local',
  team: 'security-lead',
  decision: 'approve',
  decidedAt: '2026-11-22T10:09:00.000Z',
  expiresAt: '2026-11-22T11:00:00.000Z',
  nonce: 'n1',
};

async function check(change: object = {}): Promise<ConsentCheck> {
  const [{ people }, rails] = await Promise.all([shippedPolicies.people(), shippedPolicies.rails()]);
  return {
    wanted: {
      incidentId: 'INC-1',
      action: 'contain',
      principalUniqueId: 'AIDA1',
      planSha256: SHA,
      tier: 'A1',
      ownerSubjects: ['omar'],
      ...change,
    },
    people,
    rails,
    nowMs,
  };
}

describe('a consent', () => {
  it('counts when it says what is wanted', async () => {
    expect(consentProblem(consent, await check())).toBeUndefined();
    expect(consentProblem({ ...consent, tier: 'A2' }, await check())).toBeUndefined();
  });

  it.each([
    ['for another action', { action: 'restore' }, 'given for contain, not for restore'],
    ['for another incident', { incidentId: 'INC-2' }, 'incident INC-1'],
    ['for another principal', { principalUniqueId: 'AIDA2' }, 'another principal'],
    ['for another plan', { planSha256: 'b'.repeat(64) }, 'another plan'],
    ['for a tier that has risen', { tier: 'A2' }, 'tier A1, the plan is now A2'],
    ['by the owner', { ownerSubjects: ['lea'] }, 'linked to the principal'],
  ] as const)('%s does not count', async (_, wanted, problem) => {
    expect(consentProblem(consent, await check(wanted))).toContain(problem);
  });

  it.each([
    ['that expired', { expiresAt: '2026-11-22T10:10:00.000Z' }, 'expired'],
    ['from the future', { decidedAt: '2026-11-22T10:13:00.000Z' }, 'dated in the future'],
    ['of a team the signer is not in', { team: 'ciso' }, 'may not approve'],
    ['of a team that may not approve', { subject: 'alex', team: 'forensics' }, 'may not approve'],
    ['of a stranger', { subject: 'mallory' }, 'not in people.yaml'],
    ['of another issuer', { issuer: 'https://idp.example' }, 'not in people.yaml'],
  ] as const)('%s does not count', async (_, change, problem) => {
    expect(consentProblem({ ...consent, ...change }, await check())).toContain(problem);
  });

  it('does not expire for putting a recorded write back', async () => {
    const { wanted, people, rails } = await check();

    expect(consentProblem({ ...consent, expiresAt: '2026-11-22T10:09:30.000Z' }, { wanted, people, rails })).toBeUndefined();
  });
});
