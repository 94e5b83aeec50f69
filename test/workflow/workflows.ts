import {
  allHandlersFinished,
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ContainmentInput, ContainmentOrder, ContainmentView } from '../../src/contracts/containment.js';
import { containmentChangedSignal, containmentOrderSignal } from '../../src/contracts/messages.js';
import { claimedView } from '../../src/domain/engine/views.js';

export { alertIntake } from '../../workflows/alert-intake.js';
export { followUp } from '../../workflows/follow-up.js';
export { incidentResponse } from '../../workflows/incident-response.js';

/** Changes the fake's view and tells the incident, as the real one does. */
export const fakeViewSignal = defineSignal<[Partial<ContainmentView>]>('fakeView');
/** The part of the real state that `containmentOwner` reads. */
const ownerQuery = defineQuery<{ incidentId: string; ownerWorkflowId: string }>('containment');
export const fakeOrdersQuery = defineQuery<ContainmentOrder[]>('fakeOrders');

/** Stands in for the real containment: reports what a test tells it to, keeps its orders, answers release and restore. */
export async function containPrincipal(input: ContainmentInput): Promise<void> {
  let view = { ...claimedView(input.principal), containmentId: workflowInfo().workflowId };
  let owner = input.ownerWorkflowId;
  const orders: ContainmentOrder[] = [];
  const change = async (patch: Partial<ContainmentView>): Promise<void> => {
    view = { ...view, ...patch, revision: view.revision + 1 };
    await getExternalWorkflowHandle(owner)
      .signal(containmentChangedSignal, view)
      .catch(() => undefined);
  };
  setHandler(fakeOrdersQuery, () => orders);
  setHandler(ownerQuery, () => ({ incidentId: input.incidentId, ownerWorkflowId: owner }));
  setHandler(fakeViewSignal, change);
  setHandler(containmentOrderSignal, async (order) => {
    orders.push(order);
    if (order.order === 'adopt') owner = order.ownerWorkflowId;
    if (order.order === 'adopt') await change({});
    if (order.order === 'release' || order.order === 'restore')
      await change({ state: 'released', headline: 'released', needs: [], inForce: [], releasedAt: new Date().toISOString() });
    if (order.order === 'proceed' && input.principal.name.startsWith('auto-')) {
      const at = new Date().toISOString();
      await change({
        state: 'proven',
        headline: 'proven',
        appliedAt: at,
        effectiveFromAt: at,
        provenAt: at,
        provenBy: ['AccessDenied at 10:02'],
        inForce: ['denyUser ci-deploy'],
      });
    }
  });
  await change({ state: 'planned', headline: 'planned; not proven' });
  await condition(() => view.state === 'released' && allHandlersFinished());
}
