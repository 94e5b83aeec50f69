import type { RecordResult } from '../../src/contracts/record.js';
import { seal } from './activities.js';
import type { Incident } from './incident.js';

/** Writes record, report and metrics as the incident stands; a later one replaces them. */
export function recordIncident({ state }: Incident): Promise<RecordResult> {
  return seal.recordIncident.executeWithOptions({ summary: `write record and report of ${state.incidentId}` }, [
    { incidentId: state.incidentId, state },
  ]);
}
