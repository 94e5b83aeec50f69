import { CancellationScope } from '@temporalio/workflow';
import { parsePayload } from '../src/contracts/failures.js';
import { FollowUpInput, type IncidentResult } from '../src/contracts/incident.js';
import { closeIncident } from './runtime/closing.js';
import { seal } from './runtime/activities.js';
import { reportCancel } from './runtime/cancel.js';
import { failureText } from './runtime/failure-text.js';
import { installHandlers, watchCancel } from './runtime/handlers.js';
import { createIncident, type Incident } from './runtime/incident.js';
import { publish } from './runtime/publish.js';
import { pumpUntilClosed } from './runtime/pump-until-closed.js';
import { rollOverFollowUp, shouldRollOver } from './runtime/roll-over.js';
import { openTicket } from './steps/create-ticket.js';

/**
 * What comes after an incident (S003 "Post-Incident Activities"): documentation, lessons, detection, prevention and
 * training as tasks with owners and clocks, a ticket of its own and a prefilled review. It takes the same `act`.
 *
 * @throws InvalidPayload, permanent: the start input is malformed.
 */
export async function followUp(raw: FollowUpInput): Promise<IncidentResult> {
  const input = parsePayload(FollowUpInput, raw, 'follow-up input');
  const incident = createIncident(input.state);
  installHandlers(incident);
  watchCancel(() => reportCancel(incident));
  return CancellationScope.nonCancellable(async () => {
    publish(incident);
    await prepareReview(incident);
    const ticket = createTicket(incident);
    const closed = await pumpUntilClosed(incident, () => shouldRollOver(incident, input));
    await ticket;
    if (!closed) return rollOverFollowUp(incident, input);
    return closeIncident(incident);
  });
}

/** Before the tasks, which say where the document is: minutes at most, of clocks that run for a day or more. */
async function prepareReview(incident: Incident): Promise<void> {
  const { state } = incident;
  // Once: its tasks have said what came of it.
  if (state.runs > 1) return;
  const incidentId = state.followUpOf ?? '';
  try {
    state.review = await seal.prepareReview.executeWithOptions({ summary: `prefill the review of ${incidentId}` }, [
      { incidentId, followUpId: state.incidentId },
    ]);
    incident.journal(`review document: ${state.review.path}`);
  } catch (error) {
    incident.journal(`the review document could not be prefilled: ${failureText(error)}`);
  }
}

/** Beside the tasks: a ticket system that is down for an hour holds none of them up. */
async function createTicket(incident: Incident): Promise<void> {
  try {
    await incident.busy(() => openTicket(incident));
  } catch (error) {
    incident.journal(`the follow-up has no ticket: ${failureText(error)}`);
  }
}
