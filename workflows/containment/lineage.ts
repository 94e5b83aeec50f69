import type { ContainmentOrder } from '../../src/contracts/containment.js';
import { distinctSessions } from '../../src/domain/engine/containment-view.js';
import { sessionsJudged } from '../../src/domain/engine/descent.js';
import type { ContainmentRun } from './run.js';

/**
 * More is known about whose the principal is: more sessions of the role are the intruder's, or CloudTrail shows that the intruder made it. A plan
 * that this changes is made again.
 */
export async function takeLineage(run: ContainmentRun, order: Extract<ContainmentOrder, { order: 'lineage' }>): Promise<void> {
  const { state } = run;
  const { principal } = state.view;
  const sessions = distinctSessions(principal.sessions, order.sessions);
  const more = sessions.length > (principal.sessions ?? []).length;
  if (!more && order.descent === undefined) return;
  if (order.descent !== undefined) state.descent = order.descent;
  if (more) await run.change({ principal: { ...principal, sessions } }, `sessions of the intruder: ${sessions.join(', ')}`);
  // Where the whole role is stopped its sessions are too.
  const single = state.plan !== undefined && sessionsJudged(state.plan) !== undefined;
  if (state.phase === 'gate' || (more && single)) state.phase = 'plan';
}
