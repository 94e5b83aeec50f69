import type { JournalLine } from '../contracts/incident.js';
import type { Json } from '../contracts/primitives.js';

/** What is left of an incident when Temporal has forgotten it. */
export interface RecordStore {
  /** Adds lines to an incident's journal. Idempotent: a line that is there already is not added again. */
  appendJournal(incidentId: string, lines: readonly JournalLine[]): Promise<void>;
  readJournal(incidentId: string): Promise<JournalLine[]>;
  /** Writes the record of an incident; a later one replaces it. */
  putRecord(incidentId: string, record: Json): Promise<void>;
  /** `undefined` when there is none. */
  getRecord(incidentId: string): Promise<Json | undefined>;
  /** Ids of all incidents and follow-ups that have a record, sorted. */
  list(): Promise<string[]>;
}
