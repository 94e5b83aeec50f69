import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { IncidentResult } from '../../src/contracts/incident.js';
import type { RecordResult } from '../../src/contracts/record.js';
import { stopClock } from '../../src/domain/engine/clocks.js';
import { closeTask, openTasks } from '../../src/domain/engine/tasks.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { recordIncident } from './record.js';
import { publish } from './publish.js';
import { ensureFollowUp } from './start-follow-up.js';
import { attachReport, updateTicket } from './ticket-sync.js';

/** How often a record that could not be written is tried again before the incident closes without it. */
const RECORD_RETRIES = 5;

/** Ends the incident: tasks and clocks close, the record is written, and what arrives meanwhile is still taken in. */
export async function closeIncident(incident: Incident): Promise<IncidentResult> {
  const { state } = incident;
  const { closing } = state;
  if (closing === undefined) throw new Error('closeIncident before the reason is known');
  const { outcome, reason, at } = closing;
  state.phase = 'closed';
  for (const task of openTasks(state)) closeTask(task, `incident closed: ${outcome}`, Date.now());
  for (const clock of state.clocks) stopClock(clock, 'cancelled', Date.now());
  incident.journal(`closed as ${outcome}: ${reason}`);
  publish(incident);
  await condition(() => incident.run.inFlight === 0 && allHandlersFinished());
  await ensureFollowUp(incident);
  const record = await writeRecord(incident);
  await closeTicket(incident, record);
  publish(incident);
  return { incidentId: state.incidentId, outcome, reason, closedAt: at };
}

/** The ticket's last word, with the report. It has had its chance for an hour when this gives up. */
async function closeTicket(incident: Incident, record: RecordResult | undefined): Promise<void> {
  const { state } = incident;
  const { ticket } = state;
  if (ticket === undefined) return;
  try {
    if (record !== undefined) await attachReport(ticket.ref, record);
    await updateTicket(incident, ticket);
  } catch (error) {
    incident.journal(`ticket ${ticket.ref.key} did not get the last news: ${failureText(error)}`);
  }
}

/** Written again when something was heard meanwhile, so that the record says all the incident knows. */
async function writeRecord(incident: Incident): Promise<RecordResult | undefined> {
  const { state } = incident;
  for (let failures = 0; failures < RECORD_RETRIES;) {
    const lines = state.journal.length;
    try {
      const record = await recordIncident(incident);
      await condition(allHandlersFinished);
      if (state.journal.length === lines) return record;
    } catch (error) {
      failures += 1;
      incident.journal(`the record could not be written (${failures} of ${RECORD_RETRIES}): ${failureText(error)}`);
    }
  }
}
