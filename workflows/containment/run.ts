import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Authority } from '../../src/contracts/authority.js';
import type {
  ContainmentInput,
  ContainmentNeed,
  ContainmentOrder,
  ContainmentState,
  ContainmentView,
} from '../../src/contracts/containment.js';
import { containmentChangedSignal, containmentOrderSignal, containmentQuery } from '../../src/contracts/messages.js';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.js';
import { containmentDetails } from '../../src/domain/engine/containment-details.js';
import { newContainmentState, withNews } from '../../src/domain/engine/containment-view.js';

/** One run of `containPrincipal`: its state, its messages, and how it tells the world. */
export interface ContainmentRun {
  readonly state: ContainmentState;
  readonly waits: ContainmentInput['waits'];
  /** Changes the view, adds news, and tells incident, details page and search attributes. */
  readonly change: (change: Partial<ContainmentView>, ...news: string[]) => Promise<void>;
  /** Waits for the next order; `undefined` when `ms` passed first. */
  readonly nextOrder: (ms?: number, summary?: string) => Promise<ContainmentOrder | undefined>;
}

/** Facts of this many alerts are kept: the ones a plan or an authority can rest on. */
const MAX_ALERTS = 5;

/** Registers the handlers and takes up the recorded state, if there is one. */
export function startContainmentRun(input: ContainmentInput): ContainmentRun {
  const { workflowId } = workflowInfo();
  const state = input.resume ?? newContainmentState({ containmentId: workflowId, ...input });
  state.runs += 1;
  let shown = '';

  async function change(part: Partial<ContainmentView>, ...news: string[]): Promise<void> {
    const { provenAt, ...view } = withNews({ ...state.view, ...part, revision: state.view.revision + 1 }, news);
    // `provenAt` must not outlive the state it belongs to: a withdrawn claim has no date.
    state.view = provenAt !== undefined && HOLDS_PROOF.has(view.state) ? { ...view, provenAt } : view;
    render();
    const told = state.view;
    // Cleared before the wait: a change made meanwhile must not send the same news again.
    state.view = { ...told, news: [] };
    if (!(await tellOwner(told))) state.view = { ...state.view, news: [...told.news, ...state.view.news] };
  }

  function render(): void {
    setCurrentDetails(containmentDetails(state));
    const { state: status, principal } = state.view;
    const now = `${status} ${state.ownerIncidentId ?? ''}`;
    if (shown === now) return;
    shown = now;
    upsertSearchAttributes([
      { key: SEARCH_ATTRIBUTES.incidentId, value: state.ownerIncidentId ?? state.incidentId },
      { key: SEARCH_ATTRIBUTES.containment, value: status },
      { key: SEARCH_ATTRIBUTES.account, value: principal.account },
      { key: SEARCH_ATTRIBUTES.principals, value: [principal.arn] },
    ]);
  }

  async function tellOwner(view: ContainmentView): Promise<boolean> {
    try {
      await getExternalWorkflowHandle(state.ownerWorkflowId).signal(containmentChangedSignal, view);
      return true;
    } catch (error) {
      // The incident is gone: the containment goes on, `adopt` gives it a new owner, reconcile finds it.
      log.warn('the incident could not be told', { owner: state.ownerWorkflowId, error: String(error) });
      return false;
    }
  }

  async function nextOrder(ms?: number, summary = 'next check'): Promise<ContainmentOrder | undefined> {
    const waiting = (): boolean => state.orders.length > 0;
    if (ms === undefined) await condition(waiting);
    else await condition(waiting, Math.max(1, ms), { summary });
    return state.orders.shift();
  }

  setHandler(containmentQuery, () => state);
  setHandler(containmentOrderSignal, (order) => takeOrder(state, order, { changed: () => change({}) }));
  askReasonWhenCancelled({ state, change });
  render();
  return { state, waits: input.waits, change, nextOrder };
}

/** An authority replaces the one before it. People sign one plan: consents speak for the plan they were asked about, and no other. */
export function takeAuthority({ state }: Pick<ContainmentRun, 'state'>, authority: Authority): void {
  state.authority = authority;
  state.signedPlan = authority.by === 'people' ? state.plan : undefined;
  state.authorityAt = new Date().toISOString();
}

const HOLDS_PROOF: ReadonlySet<ContainmentView['state']> = new Set<ContainmentView['state']>([
  'proven',
  'recovering',
  'sessionHold',
  'restoring',
  'released',
  'handedToPerson',
]);

/** Ownership and facts take effect at once; everything else waits for its turn. */
async function takeOrder(state: ContainmentState, order: ContainmentOrder, { changed }: { changed: () => Promise<void> }): Promise<void> {
  switch (order.order) {
    case 'adopt':
      state.ownerWorkflowId = order.ownerWorkflowId;
      // What is in AWS is named after the first incident and stays so; people decide for the new one.
      state.ownerIncidentId = order.incidentId;
      await changed();
      return;
    case 'newFacts':
      for (const alert of order.alerts) {
        const same = state.alerts.findIndex((known) => known.source === alert.source && known.alertId === alert.alertId);
        if (same >= 0) state.alerts[same] = alert;
        else state.alerts.push(alert);
      }
      // Facts that matter most for a tier first, so that they are the ones kept.
      state.alerts.sort((a, b) => Number(b.facts.publicExposure) - Number(a.facts.publicExposure) || b.facts.score - a.facts.score);
      state.alerts.splice(MAX_ALERTS);
      restOnStrongest(state);
      state.orders.push(order);
      return;
    default:
      state.orders.push(order);
  }
}

/** An authority that rests on an alert rests on the one that says most: a public key needs nobody's consent. */
function restOnStrongest(state: ContainmentState): void {
  const strongest = state.alerts[0];
  if (strongest && state.authority && (state.authority.by === 'alert' || state.authority.by === 'rule'))
    state.authority = { ...state.authority, alert: strongest };
}

/** Cancel never undoes (design 7): it asks for a reason as a task, and everything goes on. */
function askReasonWhenCancelled({ state, change }: Pick<ContainmentRun, 'state' | 'change'>): void {
  const scope = CancellationScope.current();
  void scope.cancelRequested.catch(async () => {
    const need: ContainmentNeed = {
      needId: `cancelled-${state.runs}`,
      kind: 'cancelled',
      title: 'Somebody cancelled the containment in Temporal: it goes on. Say why it was cancelled',
      lookAt: ['Nothing was undone. To take the containment back, use `tourniquet undo`.'],
      choices: ['goOn'],
    };
    await CancellationScope.nonCancellable(() =>
      change({ needs: [...state.view.needs, need] }, 'cancel was requested in Temporal: nothing is undone, the containment goes on'),
    );
  });
}
