import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { JournalLine } from '../../contracts/incident.js';
import { Json } from '../../contracts/primitives.js';
import type { RecordStore } from '../../ports/record-store.js';
import { writeAtomically } from './atomic-file.js';
import { safePath } from './safe-path.js';
import { createQueue } from './serial.js';

const Journal = z.array(JournalLine);

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
  };
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
