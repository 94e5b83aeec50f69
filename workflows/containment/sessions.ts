import type { ContainmentOrder } from '../../src/contracts/containment.js';
import { distinctSessions } from '../../src/domain/engine/containment-view.js';
import type { ContainmentRun } from './run.js';

/** More sessions of the role are the intruder's: a plan that stops single sessions is made again. */
export async function takeSessions(run: ContainmentRun, { sessions }: Extract<ContainmentOrder, { order: 'sessions' }>): Promise<void> {
  const { state } = run;
  const { principal } = state.view;
  const all = distinctSessions(principal.sessions, sessions);
  if (all.length === (principal.sessions ?? []).length) return;
  await run.change({ principal: { ...principal, sessions: all } }, `sessions of the intruder: ${all.join(', ')}`);
  // Where the whole role is stopped its sessions are too.
  const single = state.plan?.measures.some(({ measure }) => measure === 'denySession') === true;
  if (single || state.phase === 'gate') state.phase = 'plan';
}
