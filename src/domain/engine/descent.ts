import { type DescentEdge, MAX_DESCENT } from '../../contracts/authority.js';
import type { Plan } from '../../contracts/plan.js';
import type { Principal } from '../../contracts/principal.js';
import type { Descendant, WatchResult } from '../../contracts/watch.js';

/** Why what an intruder did leads to no containment at all, or undefined when it does. `depth`: steps from the alert's principal so far. */
export function leftToPerson(found: Descendant, depth: number): string | undefined {
  if (found.fromHolder) return 'the call came from an address the rightful holder uses';
  return depth >= MAX_DESCENT ? `it is more than ${MAX_DESCENT} steps away` : undefined;
}

/** The step from a principal to what it made, became or opened. A person of Identity Center acts as the roles of permission sets. */
export function edgeTo(
  found: Descendant,
  { parent, child }: { parent: Pick<Principal, 'arn' | 'kind'>; child: Pick<Principal, 'arn'> },
): DescentEdge {
  const parentArn = parent.kind === 'identityCenterUser' ? found.callerArn : parent.arn;
  return { parentArn, childArn: child.arn, how: found.how, eventId: found.eventId, region: found.region };
}

/** Whether a descent needs no person: nothing on the way belongs to somebody. */
export function isIntrudersAlone(edges: readonly Pick<DescentEdge, 'how'>[]): boolean {
  return edges.length > 0 && edges.every(({ how }) => how === 'created' || how === 'became');
}

/** What was first seen opened, and then seen to be made by the intruder, is the intruder's alone. */
export function betterDescent(known: readonly DescentEdge[] | undefined, found: readonly DescentEdge[]): boolean {
  return known !== undefined && known.length > 0 && !isIntrudersAlone(known) && isIntrudersAlone(found);
}

/** One event may lead to several places. */
export function descendantKey({ eventId, session }: Pick<Descendant, 'eventId' | 'session'>): string {
  return session === undefined ? eventId : `${eventId} ${session}`;
}

/**
 * Does somebody strip what was written, or go on after it, where an SCP can freeze whatever makes new access? Such a plan is
 * made again, with the freeze.
 */
export function isFought(
  plan: Pick<Plan, 'measures'> | undefined,
  { drifts, descendants, firstDenyAt }: { drifts: WatchResult['drifts']; descendants: readonly Descendant[]; firstDenyAt: string },
): boolean {
  if (plan?.measures.some(({ measure }) => measure === 'quarantineByScp') !== true) return false;
  return drifts.length > 0 || descendants.some(({ eventAt }) => eventAt >= firstDenyAt);
}

/** The sessions that alone are stopped, and so alone are judged; undefined where the whole principal is. */
export function sessionsJudged({ measures }: Pick<Plan, 'measures'>): string[] | undefined {
  const sessions = measures.filter(({ measure }) => measure === 'denySession').map(({ target }) => target);
  return sessions.length === 0 ? undefined : sessions;
}
