import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import { parsePayload } from '../src/contracts/failures.js';
import { IncidentInput, type IncidentResult } from '../src/contracts/incident.js';
import { adoptPlaybook, newIncident } from '../src/domain/engine/state.js';
import { read } from './runtime/activities.js';
import { reportCancel } from './runtime/cancel.js';
import { closeIncident } from './runtime/closing.js';
import { failureText } from './runtime/failure-text.js';
import { installHandlers, watchCancel } from './runtime/handlers.js';
import { createIncident, type Incident } from './runtime/incident.js';
import { publish } from './runtime/publish.js';
import { pumpUntilClosed } from './runtime/pump-until-closed.js';
import { rollOver, shouldRollOver } from './runtime/roll-over.js';

const PLAYBOOK_RETRY_MS = 60_000;

/**
 * One incident: one principal in trouble, from the first alert to the last lifted deny.
 *
 * Its workflow id is the principal's lock. A step never fails it, a cancel request never undoes anything, and
 * continue-as-new carries the whole state.
 *
 * @throws InvalidPayload, permanent: the start input is malformed.
 */
export async function incidentResponse(raw: IncidentInput): Promise<IncidentResult> {
  const input = parsePayload(IncidentInput, raw, 'incident input');
  const incident = createIncident(input.resume ?? newIncident(input, workflowInfo().workflowId));
  installHandlers(incident);
  watchCancel(() => reportCancel(incident));
  return CancellationScope.nonCancellable(async () => {
    await pinPlaybook(incident, input);
    if (!(await pumpUntilClosed(incident, () => shouldRollOver(incident, input)))) await rollOver(incident, input);
    return closeIncident(incident);
  });
}

/** Loads the playbook once; Temporal's record of the answer is the pin. Without one the page says why, and it is tried for ever. */
async function pinPlaybook(incident: Incident, input: IncidentInput): Promise<void> {
  const { state } = incident;
  publish(incident);
  while (state.pin === undefined) {
    try {
      const pin = await read.loadPlaybook.executeWithOptions({ summary: `pin playbook ${input.playbookId}` }, [
        { playbookId: input.playbookId, openedAt: input.openedAt },
      ]);
      adoptPlaybook(state, pin);
      incident.journal(`playbook ${pin.id} v${pin.version} and waits ${pin.waits.id} v${pin.waits.version} are pinned`);
    } catch (error) {
      incident.journal(`NO PLAYBOOK, nothing is being done: ${failureText(error)}`);
      publish(incident);
      await sleep(PLAYBOOK_RETRY_MS, { summary: `no playbook: ${failureText(error)}`.slice(0, 200) });
    }
  }
}
