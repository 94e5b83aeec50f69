import { createHash } from 'node:crypto';
import type { EvidenceRef } from '../../contracts/primitives.js';
import type { EvidenceStore } from '../../ports/evidence-store.js';

/** Evidence in memory: a bench keeps nothing, and a disk takes real time. */
export function createMemoryEvidence(): Pick<EvidenceStore, 'put' | 'get'> {
  const kept = new Map<string, Uint8Array>();
  return {
    put: async (path, bytes): Promise<EvidenceRef> => {
      kept.set(path, bytes);
      return { store: 'memory', path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength };
    },
    get: async ({ path }) => {
      const bytes = kept.get(path);
      if (bytes === undefined) throw new Error(`nothing was kept as ${path}`);
      return bytes;
    },
  };
}
