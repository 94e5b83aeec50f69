import { condition, defineQuery, setHandler } from '@temporalio/workflow';
import type { ContainmentView } from '../../src/contracts/containment.js';
import { containmentChangedSignal } from '../../src/contracts/messages.js';

export { containPrincipal } from '../../workflows/contain-principal.js';

export const viewsQuery = defineQuery<ContainmentView[]>('views');

/** Stands in for the incident of a containment: keeps the views it is told. */
export async function viewKeeper(): Promise<void> {
  const views: ContainmentView[] = [];
  setHandler(viewsQuery, () => views);
  setHandler(containmentChangedSignal, (view) => void views.push(view));
  await condition(() => false);
}
