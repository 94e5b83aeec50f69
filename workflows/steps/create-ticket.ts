import { workflowInfo } from '@temporalio/workflow';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import { ticketOf } from '../../src/domain/engine/ticket.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { tickets } from '../runtime/activities.js';
import type { Incident } from '../runtime/incident.js';
import { withHelp } from '../runtime/people.js';

/** Opens the ticket. From then on `ticket-sync` keeps it up to date: it begins with the whole journal. */
export async function createTicket(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const opened = await withHelp(incident, step, { what: 'create the ticket', work: () => openTicket(incident) });
  if (opened.how === 'ended') return opened.end;
  const { ref } = opened.value;
  return { status: 'done', outcome: `${ref.key} ${ref.url}`, who: 'Tourniquet' };
}

/** Creates the ticket of an incident or follow-up, or finds it again. */
export async function openTicket({ state }: Incident): Promise<NonNullable<Incident['state']['ticket']>> {
  if (state.ticket !== undefined) return state.ticket;
  const { workflowId, runId, namespace } = workflowInfo();
  const ref = await tickets.createTicket.executeWithOptions({ summary: `create the ticket of ${state.incidentId}` }, [
    ticketOf(state, { workflowId, runId, namespace }),
  ]);
  state.ticket = { ref, linesSent: 0, shown: '', subTasks: {}, updatedAt: toInstant(Date.now()) };
  return state.ticket;
}
