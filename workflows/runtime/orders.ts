import { getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import type { Authority } from '../../src/contracts/authority.js';
import type { ContainmentOrder } from '../../src/contracts/containment.js';
import { containmentOrderSignal } from '../../src/contracts/messages.js';
import { firstTeam } from '../../src/domain/engine/notices.js';
import { factsKey, factsOf, strongestAlert } from '../../src/domain/engine/alert-ledger.js';
import { openTask, openTasks } from '../../src/domain/engine/tasks.js';
import { containStep, isReleased } from '../../src/domain/engine/views.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';

/** Gives containments what the state says they should know: `proceed` once per authority, new facts when there are any. */
export function orderContainments(incident: Incident): void {
  const { state } = incident;
  const held = Object.values(state.scope).filter((view) => !isReleased(view));
  for (const { containmentId, principal } of held) {
    const authority = authorityFor(incident, principal.lockId);
    const key = `${containmentId}|${authority?.by ?? ''}`;
    if (authority === undefined || state.proceeded?.includes(key) === true) continue;
    state.proceeded = [...(state.proceeded ?? []), key];
    void sendOrder(incident, containmentId, { order: 'proceed', authority });
  }
  const facts = factsKey(state.alerts);
  if (held.length === 0 || state.factsSent === facts) return;
  state.factsSent = facts;
  for (const { containmentId } of held) void sendOrder(incident, containmentId, { order: 'newFacts', alerts: factsOf(state.alerts) });
}

/** Sends an order. Where the containment cannot be reached, a task says so: nothing may look as if it were being done. */
export async function sendOrder(incident: Incident, containmentId: string, order: ContainmentOrder): Promise<void> {
  try {
    await incident.busy(() => getExternalWorkflowHandle(containmentId).signal(containmentOrderSignal, order));
  } catch (error) {
    if (isCancellation(error)) return;
    reportLost(incident, containmentId, `order ${order.order}: ${failureText(error)}`);
  }
}

/** The verdict on the alert; for what descends from the alert's principal, the events that show it. */
function authorityFor({ state }: Incident, lockId: string): Authority | undefined {
  const alert = strongestAlert(state.alerts.kept);
  if (alert === undefined || state.mayProceed === undefined || state.pin === undefined) return undefined;
  const edges = state.descents?.[lockId];
  // Also where silence let the alert's principal be contained: no alert is about a descendant, so the rule cannot speak for it.
  if (edges !== undefined) return { by: 'descent', alert, edges };
  if (state.mayProceed === 'alert') return { by: 'alert', alert };
  const { id, version } = state.pin.waits.noAnswerRule;
  return { by: 'rule', ruleId: id, version, alert };
}

function reportLost(incident: Incident, containmentId: string, why: string): void {
  const { state } = incident;
  const needKey = `lost:${containmentId}`;
  incident.journal(`${containmentId} does not answer, ${why}`);
  if (state.closing !== undefined || openTasks(state).some((task) => task.needKey === needKey)) return;
  const step = containStep(state);
  const team = step?.owner ?? firstTeam(state);
  openTask(
    state,
    {
      kind: 'blocked',
      stepId: step?.id ?? 'contain',
      team,
      title: `The containment of ${containmentId} does not run`,
      lookAt: [why, 'retry starts it again'],
      needKey,
      choices: ['retry'],
      needsSignature: false,
      quorum: 1,
    },
    Date.now(),
  );
  incident.tell({
    team,
    kind: 'task',
    title: `The containment of ${containmentId} does not run: nothing is being done there`,
    lines: [why],
  });
}
