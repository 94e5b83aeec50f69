import { access, readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { JournalLine } from '../../contracts/incident.js';
import { Json } from '../../contracts/primitives.js';
import type { RecordStore } from '../../ports/record-store.js';
import { writeAtomically } from './atomic-file.js';
import { safePath } from './safe-path.js';
import { createQueue } from './serial.js';

const Journal = z.array(JournalLine);
/** Anything else in the folder is not ours. */
const INCIDENT_FOLDER = /^[\w-]{1,200}$/;

/** Records in a folder: `<incident>/journal.json` and `<incident>/record.json`. */
export function createFileRecordStore(folder: string): RecordStore {
  const inOrder = createQueue();
  const journalPath = (incidentId: string): string => safePath(folder, `${incidentId}/journal.json`);
  const recordPath = (incidentId: string): string => safePath(folder, `${incidentId}/record.json`);

  async function readJournal(incidentId: string): Promise<JournalLine[]> {
    const stored = await readJson(journalPath(incidentId));
    return stored === undefined ? [] : Journal.parse(stored);
  }

  return {
    readJournal,
    appendJournal: (incidentId, lines) =>
      inOrder(async () => {
        const journal = await readJournal(incidentId);
        const known = new Set(journal.map(keyOf));
        const fresh = lines.filter((line) => !known.has(keyOf(line)));
        if (fresh.length > 0) await writeAtomically(journalPath(incidentId), JSON.stringify([...journal, ...fresh], null, 1));
      }),
    putRecord: (incidentId, record) => inOrder(() => writeAtomically(recordPath(incidentId), JSON.stringify(record, null, 1))),
    getRecord: async (incidentId) => {
      const stored = await readJson(recordPath(incidentId));
      return stored === undefined ? undefined : Json.parse(stored);
    },
    list: async () => {
      const names = await missingAs<string[]>(readdir(folder), []);
      const kept = await Promise.all(
        names.filter((name) => INCIDENT_FOLDER.test(name)).map(async (name) => ((await exists(recordPath(name))) ? [name] : [])),
      );
      return kept.flat().toSorted();
    },
  };
}

function exists(path: string): Promise<boolean> {
  return missingAs(
    access(path).then(() => true),
    false,
  );
}

/** What stands for a file or folder that is not there, or is no folder. Other failures are thrown. */
async function missingAs<T>(found: Promise<T>, instead: T): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return instead;
    throw error;
  }
}

function keyOf(line: JournalLine): string {
  return JSON.stringify([line.at, line.who, line.text]);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
