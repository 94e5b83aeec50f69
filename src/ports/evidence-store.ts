import type { EvidenceRef } from '../contracts/primitives.js';

/** Write-once store for bulk that travels as a reference with its hash (design 14.4). */
export interface EvidenceStore {
  /**
   * Stores bytes under a relative path. The same bytes again are fine.
   *
   * @throws PreconditionFailed, permanent: the path holds other bytes.
   * @throws InvalidPayload, permanent: the path leaves the store.
   */
  put(path: string, bytes: Uint8Array): Promise<EvidenceRef>;
  /**
   * Reads and checks size and hash.
   *
   * @throws TargetNotFound, permanent: nothing is stored there.
   * @throws PreconditionFailed, permanent: the bytes are not those that were stored.
   */
  get(ref: EvidenceRef): Promise<Uint8Array>;
}
