import { access, readdir, readFile } from 'node:fs/promises';
import { ApplicationFailure } from '@temporalio/common';
import { permanent, transient } from '../../../contracts/failures.js';
import { writeAtomically } from '../../records/atomic-file.js';
import { safePath } from '../../records/safe-path.js';

/** Files of the tickets: a write is whole or not at all, and one that changes nothing is left out. */
export interface TicketFiles {
  /** @throws InvalidPayload, permanent: id or name is not a plain one. */
  readonly path: (incidentId: string, name: string) => string;
  readonly read: (path: string) => Promise<string | undefined>;
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>;
  /** @throws TargetNotFound, permanent: there is no such file. */
  readonly change: (path: string, edit: (text: string) => string) => Promise<void>;
  /** @throws TargetNotFound, permanent: there is no such file. */
  readonly demand: (path: string) => Promise<string>;
  readonly exists: (path: string) => Promise<boolean>;
  readonly list: (incidentId: string) => Promise<string[]>;
}

export function createTicketFiles(folder: string): TicketFiles {
  const read = (path: string): Promise<string | undefined> =>
    classified(async () => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    });
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    if (typeof content === 'string' && (await read(path)) === content) return;
    await classified(() => writeAtomically(path, content));
  };
  const demand = async (path: string): Promise<string> => {
    const text = await read(path);
    if (text === undefined) throw permanent('TargetNotFound', 'the ticket or sub-task has no file in the tickets folder');
    return text;
  };
  return {
    path: (incidentId, name) => safePath(folder, `${incidentId}/${name}`),
    read,
    write,
    demand,
    change: async (path, edit) => write(path, edit(await demand(path))),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    list: (incidentId) => classified(() => readdir(safePath(folder, incidentId))),
  };
}

/** A folder that may not be written is for a person to mend; a full or absent disk may come back. */
async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    const code = codeOf(error);
    if (['EACCES', 'EPERM', 'EROFS'].includes(code))
      throw permanent('PermissionDenied', `tickets folder: ${code}; it needs read and write access`);
    throw transient('UpstreamUnavailable', `tickets folder: ${code}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown failure';
}
