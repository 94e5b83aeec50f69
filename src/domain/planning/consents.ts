import type { Consent, ConsentWanted } from '../../contracts/authority.js';
import type { Person } from '../../contracts/playbook.js';
import type { Rails } from '../../contracts/policies.js';
import { isStricter } from './tier.js';

/** What a consent is held against, beside its signature. */
export interface ConsentCheck {
  readonly wanted: ConsentWanted;
  readonly people: readonly Person[];
  readonly rails: Pick<Rails, 'approverTeams'>;
  /** Epoch ms; left out where expiry has no meaning any more (a recorded write is put back). */
  readonly nowMs?: number;
}

/** Why this consent does not count for what is wanted, or `undefined` when it does. */
export function consentProblem(consent: Consent, { wanted, people, rails, nowMs }: ConsentCheck): string | undefined {
  const person = people.find((candidate) => candidate.subject === consent.subject && candidate.issuer === consent.issuer);
  if (!person) return `${consent.subject} of ${consent.issuer} is not in people.yaml`;
  if (!person.teams.includes(consent.team) || !rails.approverTeams.includes(consent.team))
    return `team ${consent.team} of ${consent.subject} may not approve`;
  if (wanted.ownerSubjects.includes(consent.subject)) return `${consent.subject} is linked to the principal and cannot decide about it`;
  if (consent.incidentId !== wanted.incidentId) return `it was given for incident ${consent.incidentId}`;
  if (consent.action !== wanted.action) return `it was given for ${consent.action}, not for ${wanted.action}`;
  if (consent.principalUniqueId !== wanted.principalUniqueId) return 'it was given for another principal';
  if (consent.planSha256 !== wanted.planSha256) return 'it was given for another plan';
  if (isStricter(wanted.tier, consent.tier)) return `it was given for tier ${consent.tier}, the plan is now ${wanted.tier}`;
  if (nowMs !== undefined && Date.parse(consent.expiresAt) <= nowMs) return `it expired at ${consent.expiresAt}`;
  if (nowMs !== undefined && Date.parse(consent.decidedAt) > nowMs + MAX_CLOCK_SKEW_MS)
    return `it is dated in the future: ${consent.decidedAt}`;
  return undefined;
}

/** Clocks of two machines may differ by this much. */
const MAX_CLOCK_SKEW_MS = 120_000;
