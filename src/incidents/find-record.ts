import type { IncidentState } from '../contracts/incident.js';
import { IncidentRecord } from '../contracts/record.js';
import { recordOf } from '../domain/record/record.js';
import type { RecordStore } from '../ports/record-store.js';
import { Refusal } from './refusal.js';

/** `-F` is the follow-up's. */
const RECORD_ID = /^INC-\d{8}-[0-9A-Z]{4,16}(-F)?$/;

export interface FoundRecord {
  readonly record: IncidentRecord;
  /** What a reader should know about where it comes from. */
  readonly notes: readonly string[];
}

/** Where records and live states come from. */
export interface RecordSources {
  readonly store: RecordStore;
  /** What a reader knows the store as. */
  readonly place: string;
  readonly read: (incident: string) => Promise<IncidentState>;
  readonly now: () => Date;
}

/**
 * The record of an incident: of a closed one from the record store, of an open one from its live state, and where
 * Temporal does not answer the last one that was stored, with a note.
 *
 * @throws Refusal with one line when there is neither.
 */
export async function findRecord(sources: RecordSources, incident: string): Promise<FoundRecord> {
  const { store, place } = sources;
  if (incident.startsWith('INC-') && !RECORD_ID.test(incident))
    throw new Refusal('badRequest', `${incident} is no incident id (INC-yyyymmdd-XXXXXXXX)`);
  const stored = RECORD_ID.test(incident) ? await readStored(store, incident) : undefined;
  if (stored?.result !== undefined) return { record: stored, notes: [] };
  if (stored === undefined && incident.endsWith('-F'))
    throw new Refusal('notFound', `there is no record of ${incident} in ${place}: a follow-up has one when it is closed`);
  try {
    return { record: await liveRecord(sources, incident), notes: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer';
    if (stored !== undefined) return { record: stored, notes: [`as of ${stored.recordedAt}, when it was last stored: ${why}`] };
    if (!(error instanceof Refusal) || error.kind === 'badRequest') throw error;
    throw new Refusal(error.kind, `there is no stored record of ${incident} in ${place}, and its state cannot be asked for: ${why}`);
  }
}

async function readStored(store: RecordStore, incidentId: string): Promise<IncidentRecord | undefined> {
  const stored = await store.getRecord(incidentId).catch(() => null);
  if (stored === undefined) return undefined;
  const parsed = IncidentRecord.safeParse(stored);
  if (!parsed.success) throw new Refusal('failed', `the stored record of ${incidentId} cannot be read`);
  return parsed.data;
}

async function liveRecord({ store, read, now }: RecordSources, incident: string): Promise<IncidentRecord> {
  const state = await read(incident);
  const older = await store.readJournal(state.incidentId);
  return recordOf(state, { older, recordedAt: now().toISOString() });
}
