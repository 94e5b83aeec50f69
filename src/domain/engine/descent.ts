import { type DescentEdge, MAX_DESCENT } from '../../contracts/authority.js';
import type { Plan } from '../../contracts/plan.js';
import type { Principal } from '../../contracts/principal.js';
import type { Descendant, WatchResult } from '../../contracts/watch.js';

/** Why what an intruder did leads to no containment by itself, or undefined when it does. `depth`: steps from the alert's principal so far. */
export function leftToPerson(found: Descendant, depth: number): string | undefined {
  if (found.how === 'changed') return 'it was there before and belongs to somebody';
  if (found.fromHolder) return 'the call came from an address the rightful holder uses';
  return depth >= MAX_DESCENT ? `it is more than ${MAX_DESCENT} steps away` : undefined;
}

/** The step from a principal to what it made or became. */
export function edgeTo(
  found: Descendant,
  { parent, child }: { parent: Pick<Principal, 'arn'>; child: Pick<Principal, 'arn'> },
): DescentEdge {
  const how = found.how === 'created' ? ('created' as const) : ('became' as const);
  return { parentArn: parent.arn, childArn: child.arn, how, eventId: found.eventId, region: found.region };
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
