import { join } from 'node:path';
import { createFileRecordStore } from '../adapters/records/file.js';
import { IncidentRecord } from '../contracts/record.js';
import { recordOf } from '../domain/record/record.js';
import type { RecordStore } from '../ports/record-store.js';
import { readIncident } from './acting.js';
import { CliError, EXIT } from './cli-error.js';
import type { CliContext } from './context.js';

/** `-F` is the follow-up's. */
const RECORD_ID = /^INC-\d{8}-[0-9A-Z]{4,16}(-F)?$/;

export interface FoundRecord {
  readonly record: IncidentRecord;
  /** What a reader should know about where it comes from. */
  readonly notes: readonly string[];
}

/**
 * The record of an incident: of a closed one from the record store, of an open one from its live state, and where
 * Temporal does not answer the last one that was stored, with a note.
 *
 * @throws CliError with one line when there is neither.
 */
export async function findRecord(context: CliContext, incident: string): Promise<FoundRecord> {
  if (incident.startsWith('INC-') && !RECORD_ID.test(incident))
    throw new CliError(`${incident} is no incident id (INC-yyyymmdd-XXXXXXXX)`, EXIT.usage);
  const folder = join(context.env().dataDir, 'records');
  const store = createFileRecordStore(folder);
  const stored = RECORD_ID.test(incident) ? await readStored(store, incident) : undefined;
  if (stored?.result !== undefined) return { record: stored, notes: [] };
  if (stored === undefined && incident.endsWith('-F'))
    throw new CliError(`there is no record of ${incident} in ${folder}: a follow-up has one when it is closed`);
  try {
    return { record: await liveRecord(context, store, incident), notes: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer';
    if (stored !== undefined) return { record: stored, notes: [`as of ${stored.recordedAt}, when it was last stored: ${why}`] };
    if (!(error instanceof CliError) || error.exitCode === EXIT.usage) throw error;
    throw new CliError(`there is no stored record of ${incident} in ${folder}, and its state cannot be asked for: ${why}`);
  }
}

async function readStored(store: RecordStore, incidentId: string): Promise<IncidentRecord | undefined> {
  const stored = await store.getRecord(incidentId).catch(() => null);
  if (stored === undefined) return undefined;
  const parsed = IncidentRecord.safeParse(stored);
  if (!parsed.success) throw new CliError(`the stored record of ${incidentId} cannot be read`);
  return parsed.data;
}

async function liveRecord(context: CliContext, store: RecordStore, incident: string): Promise<IncidentRecord> {
  const state = await context.withTemporal((session) => readIncident(session, incident));
  const older = await store.readJournal(state.incidentId);
  return recordOf(state, { older, recordedAt: context.now().toISOString() });
}
