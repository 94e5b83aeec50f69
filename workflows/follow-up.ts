import { CancellationScope } from '@temporalio/workflow';
import { parsePayload } from '../src/contracts/failures.js';
import { FollowUpInput, type IncidentResult } from '../src/contracts/incident.js';
import { closeIncident } from './runtime/closing.js';
import { reportCancel } from './runtime/cancel.js';
import { failureText } from './runtime/failure-text.js';
import { installHandlers, watchCancel } from './runtime/handlers.js';
import { createIncident, type Incident } from './runtime/incident.js';
import { pumpUntilClosed } from './runtime/pump-until-closed.js';
import { seal } from './runtime/activities.js';
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
    const prepared = prepare(incident);
    const closed = await pumpUntilClosed(incident, () => shouldRollOver(incident, input));
    await prepared;
    if (!closed) return rollOverFollowUp(incident, input);
    return closeIncident(incident);
  });
}

/** The review document and the ticket. Neither holds a task up; what fails is in the journal. */
async function prepare(incident: Incident): Promise<void> {
  const { state } = incident;
  if (state.review === undefined) {
    try {
      state.review = await incident.busy(() =>
        seal.prepareReview.executeWithOptions({ summary: `prefill the review of ${state.followUpOf ?? ''}` }, [
          { incidentId: state.followUpOf ?? '', followUpId: state.incidentId },
        ]),
      );
      incident.journal(`review document: ${state.review.path}`);
    } catch (error) {
      incident.journal(`the review document could not be prefilled: ${failureText(error)}`);
    }
  }
  if (state.ticket !== undefined) return;
  try {
    await incident.busy(() => openTicket(incident));
  } catch (error) {
    incident.journal(`the follow-up has no ticket: ${failureText(error)}`);
  }
}
