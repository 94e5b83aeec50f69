import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a whole file or nothing: into a file beside it, flushed, then renamed over it. */
export function writeAtomically(path: string, bytes: string | Uint8Array): Promise<void> {
  return writeBeside(path, bytes, (beside) => rename(beside, path));
}

/** Writes and flushes a file beside `path` and lets `settle` bring it there; what is left over is removed. */
export async function writeBeside(path: string, bytes: string | Uint8Array, settle: (beside: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await settle(beside);
  } finally {
    await rm(beside, { force: true });
  }
}
