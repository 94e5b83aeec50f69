import { chmod, link, readFile } from 'node:fs/promises';
import { permanent } from '../../contracts/failures.js';
import type { EvidenceRef } from '../../contracts/primitives.js';
import { sha256Hex } from '../../domain/evidence/paths.js';
import type { EvidenceStore } from '../../ports/evidence-store.js';
import { writeBeside } from '../records/atomic-file.js';
import { safePath } from '../records/safe-path.js';

/** Evidence in a local folder. Files are read-only once written; `store` in a reference is `file`. */
export function createFileEvidenceStore(folder: string): EvidenceStore {
  return {
    put: async (path, bytes) => {
      const target = safePath(folder, path);
      await writeOnce(target, bytes);
      const stored = await readFile(target);
      if (sha256Hex(stored) !== sha256Hex(bytes)) throw permanent('PreconditionFailed', `evidence ${path} exists with other content`);
      return { store: 'file', path, sha256: sha256Hex(bytes), bytes: bytes.byteLength };
    },
    get: async (ref: EvidenceRef) => {
      const bytes = await readFile(safePath(folder, ref.path)).catch((error: unknown) => {
        throw permanent('TargetNotFound', `evidence ${ref.path} is not in the store`, { cause: error });
      });
      if (bytes.byteLength !== ref.bytes || sha256Hex(bytes) !== ref.sha256) {
        throw permanent('PreconditionFailed', `evidence ${ref.path} is not what was stored`);
      }
      return bytes;
    },
  };
}

/** `link` fails when the name is taken, so of two writers one wins and nobody overwrites. */
async function writeOnce(target: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeBeside(target, bytes, async (beside) => {
      await chmod(beside, 0o440);
      await link(beside, target);
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
