import { getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import { describeIssues } from '../../src/contracts/failures.js';
import { MergeMessage, type MergeParty } from '../../src/contracts/merge.js';
import { mergeSignal } from '../../src/contracts/messages.js';
import { goesOn, handOverOf, partyOf, takeHandOver } from '../../src/domain/engine/merge.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { reopenContain } from '../../src/domain/engine/views.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { sendOrder } from './orders.js';

/** Another incident holds a principal that is in scope here: both are one (design 7). The other learns of it and answers. */
export async function meetIncident(incident: Incident, other: string, why: string): Promise<void> {
  const { state } = incident;
  if (state.meeting?.includes(other) === true) return;
  state.meeting = [...(state.meeting ?? []), other];
  incident.journal(`is one incident with ${other}: ${why}`);
  await send(incident, other, { merge: 'meet', from: partyOf(state), why });
}

/** Takes what another incident says about becoming one with it. */
export function hearMerge(incident: Incident, raw: unknown): void {
  const message = MergeMessage.safeParse(raw);
  if (!message.success) return incident.journal(`a message about merging of a wrong shape was dropped: ${describeIssues(message.error)}`);
  const { data } = message;
  switch (data.merge) {
    case 'meet':
      return hearMeeting(incident, data);
    case 'handOver':
      return takeOver(incident, data.handOver);
    case 'taken':
      return closeAsPartOf(incident, data);
    case 'refused':
      incident.state.meeting = incident.state.meeting?.filter((other) => other !== data.by.workflowId);
      return incident.journal(`${data.by.incidentId} does not take this incident over: ${data.reason}; it goes on by itself`);
  }
}

function hearMeeting(incident: Incident, { from, why }: Extract<MergeMessage, { merge: 'meet' }>): void {
  const { state } = incident;
  const own = partyOf(state);
  if (state.closing !== undefined && goesOn(own, from)) return refuse(incident, from);
  // The other one may not have known how old this one is: it is told, and then hands over by itself.
  if (goesOn(own, from)) void meetIncident(incident, from.workflowId, why);
  else handOver(incident, from);
}

/** Once; a containment that reports meanwhile is the other's already. */
function handOver(incident: Incident, to: MergeParty): void {
  const { state } = incident;
  if (state.handedTo !== undefined || state.closing !== undefined) return;
  state.handedTo = to.workflowId;
  incident.journal(`hands over to ${to.incidentId}, which is older`);
  void send(incident, to.workflowId, { merge: 'handOver', handOver: handOverOf(state) });
}

function takeOver(incident: Incident, given: Parameters<typeof takeHandOver>[1]): void {
  const { state } = incident;
  const { from } = given;
  if (state.closing !== undefined) return refuse(incident, from);
  const containments = takeHandOver(state, given, Date.now());
  for (const containmentId of containments)
    void sendOrder(incident, containmentId, { order: 'adopt', ownerWorkflowId: incident.workflowId, incidentId: state.incidentId });
  incident.journal(`took ${from.incidentId} over with ${containments.length} containment(s): both are one incident`);
  reopenContain(state, `${from.incidentId} became part of it`, Date.now());
  const ticketKey = state.ticket?.ref.key;
  void send(incident, from.workflowId, { merge: 'taken', by: partyOf(state), ...(ticketKey === undefined ? {} : { ticketKey }) });
}

/** Nothing is released: every containment has its new owner. */
function closeAsPartOf(incident: Incident, { by, ticketKey }: Extract<MergeMessage, { merge: 'taken' }>): void {
  const { state } = incident;
  if (state.closing !== undefined) return;
  const ticket = ticketKey === undefined ? '' : `; this ticket is a duplicate of ${ticketKey}`;
  incident.journal(`is part of ${by.incidentId} from now on${ticket}`);
  state.closing = {
    outcome: 'joined',
    reason: `${by.incidentId} goes on with everything of this incident${ticket}`,
    at: toInstant(Date.now()),
  };
}

function refuse(incident: Incident, to: MergeParty): void {
  const by = partyOf(incident.state);
  void send(incident, to.workflowId, { merge: 'refused', by, reason: `${by.incidentId} is closing` });
}

async function send(incident: Incident, workflowId: string, message: MergeMessage): Promise<void> {
  try {
    await incident.busy(() => getExternalWorkflowHandle(workflowId).signal(mergeSignal, message));
  } catch (error) {
    if (isCancellation(error)) return;
    const { state } = incident;
    state.meeting = state.meeting?.filter((other) => other !== workflowId);
    if (state.handedTo === workflowId) delete state.handedTo;
    incident.journal(`${workflowId} could not be told (${message.merge}): ${failureText(error)}`);
  }
}
