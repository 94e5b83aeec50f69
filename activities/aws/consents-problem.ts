import type { ConsentAction, ConsentWanted } from '../../src/contracts/authority.js';
import type { People, Rails } from '../../src/contracts/policies.js';
import type { Principal } from '../../src/contracts/principal.js';
import type { Tier } from '../../src/contracts/primitives.js';
import { consentProblem } from '../../src/domain/planning/consents.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import { ownersOf } from '../../src/domain/principals/owners.js';
import type { Authority } from '../../src/ports/authority.js';

/** What people must have signed. */
export interface WantedConsents {
  readonly incidentId: string;
  readonly action: ConsentAction;
  readonly principal: Principal;
  readonly planSha256: string;
  readonly tier: Tier;
  readonly quorum: number;
  /** Absent where age does not count. */
  readonly nowMs?: number;
}

/** What the check of signatures reads. */
export interface ConsentContext {
  /** The principal as it is now. */
  readonly snapshot: Pick<PrincipalSnapshot, 'tags'>;
  readonly authority: Authority;
  readonly people: () => Promise<People>;
  readonly rails: Rails;
}

/** Why these signatures do not suffice: too few different people whose signature holds for this action on this plan. */
export async function consentsProblem(
  consents: readonly string[],
  wanted: WantedConsents,
  context: ConsentContext,
): Promise<string | undefined> {
  const { people } = await context.people();
  const { incidentId, action, principal, planSha256, tier, quorum, nowMs } = wanted;
  // Owners are looked up afresh: a made-up principal may name none.
  const owners = ownersOf({ name: principal.name, ownerTag: context.snapshot.tags[context.rails.tags.owner] }, people);
  const ownerSubjects = [...principal.ownerSubjects, ...owners];
  const body: ConsentWanted = { incidentId, action, principalUniqueId: principal.uniqueId, planSha256, tier, ownerSubjects };
  const subjects = new Set<string>();
  const problems: string[] = [];
  for (const jws of consents) {
    const checked = await context.authority.verifyConsent(jws);
    const time = nowMs === undefined ? {} : { nowMs };
    const problem = checked.valid
      ? consentProblem(checked.consent, { wanted: body, people, rails: context.rails, ...time })
      : checked.reason;
    if (problem === undefined && checked.valid && checked.consent.decision === 'approve') subjects.add(checked.consent.subject);
    else problems.push(problem ?? 'it is a rejection');
  }
  if (subjects.size >= quorum) return undefined;
  return `${subjects.size} of ${quorum} consent(s) hold for ${action}${problems.length > 0 ? ` (${problems.join('; ')})` : ''}`;
}
