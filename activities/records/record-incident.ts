import { Json } from '../../src/contracts/primitives.js';
import { parsePayload } from '../../src/contracts/failures.js';
import type { RecordStore } from '../../src/ports/record-store.js';

/** Writes the record of an incident at its close; a later one replaces it. */
export function createRecordIncident({
  records,
}: {
  records: RecordStore;
}): (input: { incidentId: string; record: unknown }) => Promise<void> {
  return ({ incidentId, record }) => records.putRecord(incidentId, parsePayload(Json, record, 'incident record'));
}
