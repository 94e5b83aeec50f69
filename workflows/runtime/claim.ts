import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  condition,
  isCancellation,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import type { ContainmentInput } from '../../src/contracts/containment.js';
import { alertReceivedSignal } from '../../src/contracts/messages.js';
import { containmentIdFor, type Principal } from '../../src/contracts/principal.js';
import { SEARCH_ATTRIBUTES as SA } from '../../src/contracts/search-attributes.js';
import { hasGrown } from '../../src/domain/engine/merge.js';
import { factsKey } from '../../src/domain/engine/alert-ledger.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { claimedView } from '../../src/domain/engine/views.js';
import { read } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { meetIncident } from './merge.js';
import { sendOrder } from './orders.js';

/** The other incident answers within a second or two; one that closes meanwhile is met again. */
const MEETING_MS = 30_000;

/** Claims every principal in scope that has no containment yet. The claim is the start of its containment (design 7). */
export function claimPrincipals(incident: Incident): void {
  const { state, run } = incident;
  if (state.pin === undefined || state.handedTo !== undefined) return;
  for (const principal of state.principals) {
    const containmentId = containmentIdFor(principal.lockId);
    if (state.scope[containmentId] !== undefined || run.claiming.has(containmentId)) continue;
    run.claiming.add(containmentId);
    void claim(incident, principal, containmentId);
  }
}

async function claim(incident: Incident, principal: Principal, containmentId: string): Promise<void> {
  try {
    await incident.busy(() => startOrAdopt(incident, principal, containmentId));
    incident.run.claiming.delete(containmentId);
  } catch (error) {
    if (isCancellation(error)) return;
    incident.run.claiming.delete(containmentId);
    throw error;
  }
}

async function startOrAdopt(incident: Incident, principal: Principal, containmentId: string): Promise<void> {
  const { state } = incident;
  if (state.pin === undefined) return;
  const input: ContainmentInput = {
    principal,
    incidentId: state.incidentId,
    ownerWorkflowId: incident.workflowId,
    waits: state.pin.waits,
    alerts: state.alerts.kept,
    ...(state.descents?.[principal.lockId] === undefined ? {} : { descent: state.descents[principal.lockId] }),
  };
  try {
    await startChild('containPrincipal', {
      workflowId: containmentId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // Before continue-as-new the scope this runs in is cancelled; by default that would cancel the containment.
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: `Containment of IAM ${principal.kind} ${principal.name} · ${principal.account}`.slice(0, 200),
      typedSearchAttributes: [
        { key: SA.incidentId, value: state.incidentId },
        { key: SA.account, value: principal.account },
        { key: SA.principals, value: [principal.name.slice(0, 200)] },
      ],
    });
    state.factsSent ??= factsKey(state.alerts);
    hold(incident, principal, containmentId);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await meetOwner(incident, principal, containmentId);
  }
}

function hold(incident: Incident, principal: Principal, containmentId: string): void {
  // Its first view may have been faster than the answer to the start.
  incident.state.scope[containmentId] ??= claimedView(principal);
  incident.journal(`claimed ${principal.name} (${principal.account})`);
}

/** Somebody holds this principal: join a running incident, take over from one that is gone. */
async function meetOwner(incident: Incident, principal: Principal, containmentId: string): Promise<void> {
  const owner = await askOwner(incident, containmentId);
  if (!owner.running) return incident.changed(); // it closed meanwhile: the pump claims again
  const { ownerWorkflowId } = owner;
  if (owner.ownerRunning && ownerWorkflowId !== undefined && ownerWorkflowId !== incident.workflowId)
    return meet(incident, { principal, ownerWorkflowId, ownerIncidentId: owner.incidentId ?? ownerWorkflowId });
  const { state } = incident;
  state.scope[containmentId] ??= claimedView(principal);
  await sendOrder(incident, containmentId, { order: 'adopt', ownerWorkflowId: incident.workflowId, incidentId: state.incidentId });
  incident.journal(`took over the containment of ${principal.name} from ${owner.incidentId ?? 'an incident that is gone'}`);
}

async function askOwner(incident: Incident, containmentId: string): Promise<Awaited<ReturnType<typeof read.containmentOwner>>> {
  try {
    return await read.containmentOwner.executeWithOptions({ summary: 'ask who holds this principal' }, [{ containmentId }]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // Unknown owner: adopting is safe, the containment answers to one incident at a time.
    incident.journal(`could not ask who holds ${containmentId}: ${failureText(error)}`);
    return { running: true, ownerRunning: false };
  }
}

/** One that has done nothing yet joins at once; two that have grown become one, the older goes on. */
async function meet(
  incident: Incident,
  { principal, ownerWorkflowId, ownerIncidentId }: { principal: Principal; ownerWorkflowId: string; ownerIncidentId: string },
): Promise<void> {
  if (!hasGrown(incident.state)) return join(incident, ownerWorkflowId, ownerIncidentId);
  await meetIncident(incident, ownerWorkflowId, `${ownerIncidentId} holds ${principal.arn}`);
  // Until the other has answered there is nothing to claim; an answer changes the state, and this is looked at again.
  await condition(() => incident.state.closing !== undefined || incident.state.merged !== undefined, MEETING_MS, {
    summary: `waits for ${ownerIncidentId}: both are one incident`.slice(0, 200),
  });
}

async function join(incident: Incident, ownerWorkflowId: string, ownerIncidentId: string): Promise<void> {
  const { state } = incident;
  await forwardAlerts(incident, ownerWorkflowId);
  state.closing = {
    outcome: 'joined',
    reason: `${ownerIncidentId} already holds this principal; its alerts were forwarded there`,
    at: toInstant(Date.now()),
  };
  incident.journal(`joined ${ownerIncidentId}`);
}

async function forwardAlerts(incident: Incident, ownerWorkflowId: string): Promise<void> {
  const { resolution, alerts } = incident.state;
  if (resolution === undefined) return;
  const owner = getExternalWorkflowHandle(ownerWorkflowId);
  for (const alert of alerts.kept) await owner.signal(alertReceivedSignal, alert, resolution);
}
