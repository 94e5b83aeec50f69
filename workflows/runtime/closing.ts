import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { IncidentResult } from '../../src/contracts/incident.js';
import { stopClock } from '../../src/domain/engine/clocks.js';
import { closeTask, openTasks } from '../../src/domain/engine/tasks.js';
import { read } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { publish } from './publish.js';

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
  await writeRecord(incident);
  publish(incident);
  return { incidentId: state.incidentId, outcome, reason, closedAt: at };
}

/** Written again when something was heard meanwhile, so that the record says all the incident knows. */
async function writeRecord(incident: Incident): Promise<void> {
  const { state } = incident;
  for (let failures = 0; failures < RECORD_RETRIES;) {
    const lines = state.journal.length;
    try {
      await read.recordIncident.executeWithOptions({ summary: `write the record of ${state.incidentId}` }, [
        { incidentId: state.incidentId, record: state },
      ]);
      await condition(allHandlersFinished);
      if (state.journal.length === lines) return;
    } catch (error) {
      failures += 1;
      incident.journal(`the record could not be written (${failures} of ${RECORD_RETRIES}): ${failureText(error)}`);
    }
  }
}
