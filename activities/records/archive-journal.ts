import type { JournalLine } from '../../src/contracts/incident.js';
import type { RecordStore } from '../../src/ports/record-store.js';

/** Moves older journal lines of an incident to the record store. Idempotent: a line is stored once. */
export function createArchiveJournal({
  records,
}: {
  records: RecordStore;
}): (input: { incidentId: string; lines: JournalLine[] }) => Promise<void> {
  return ({ incidentId, lines }) => records.appendJournal(incidentId, lines);
}
