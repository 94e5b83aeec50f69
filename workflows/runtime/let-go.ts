import type { Task } from '../../src/contracts/task.js';
import { firstTeam } from '../../src/domain/engine/notices.js';
import { askConsent } from '../../src/domain/engine/consents.js';
import { openTasks } from '../../src/domain/engine/tasks.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { isReleased } from '../../src/domain/engine/views.js';
import type { ContainmentView } from '../../src/contracts/containment.js';
import { announceTask } from './announce.js';
import type { Incident } from './incident.js';
import { sendOrder } from './orders.js';
import { requesterOf } from './requester.js';

export interface LetGo {
  readonly reason: string;
  readonly who: string;
  readonly stepId: string;
}

/**
 * Ends an incident as benign. Where nothing was written the containments are released at once; where something is in
 * force, or was done by hand, two people must agree first (design 9).
 *
 * @returns `closing`, or the consent tasks that stand before it.
 */
export function letGo(incident: Incident, { reason, who, stepId }: LetGo): 'closing' | Task[] {
  const { state } = incident;
  const held = Object.values(state.scope).filter((view) => !isReleased(view));
  const acted = held.filter(hasActed);
  if (acted.length === 0) {
    for (const { containmentId } of held) void sendOrder(incident, containmentId, { order: 'release', reason });
    state.closing = { outcome: 'benign', reason, at: toInstant(Date.now()) };
    incident.journal(`closes as benign: ${reason}`, who);
    return 'closing';
  }
  return acted.map((view) => askToLetGo(incident, view, { reason, who, stepId }));
}

/** Opens (once) the consent task for taking back a containment, or for letting one done by hand go. */
export function askToLetGo(incident: Incident, view: ContainmentView, { reason, who, stepId }: LetGo): Task {
  const { state } = incident;
  const action = view.inForce.length > 0 || !view.byHand ? ('restore' as const) : ('closeBenign' as const);
  const team = firstTeam(state);
  const title =
    action === 'restore'
      ? `Undo the containment of ${view.principal.name} (false positive)?`
      : `Close as benign although ${view.principal.name} was contained by hand?`;
  const known = new Set(openTasks(state));
  const task = askConsent(
    state,
    {
      action,
      view,
      stepId,
      team,
      title,
      lookAt: [reason, `asked by ${who}`, `in force: ${view.inForce.join(', ') || 'nothing of ours'}`],
      ...requesterOf(who),
    },
    Date.now(),
  );
  if (!known.has(task)) announceTask(incident, task, who);
  return task;
}

function hasActed(view: ContainmentView): boolean {
  return view.inForce.length > 0 || view.appliedAt !== undefined || view.byHand || view.state === 'applying';
}
