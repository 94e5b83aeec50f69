import type { RecordResult } from '../../src/contracts/record.js';
import { seal } from './activities.js';
import type { Incident } from './incident.js';

/** Writes record, report and metrics as the incident stands; a later one replaces them. */
export async function recordIncident({ state }: Incident): Promise<RecordResult> {
  const written = await seal.recordIncident.executeWithOptions({ summary: `write record and report of ${state.incidentId}` }, [
    { incidentId: state.incidentId, state },
  ]);
  state.files = { ...written };
  return written;
}
