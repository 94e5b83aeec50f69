import { parsePayload, permanent } from '../../src/contracts/failures.js';
import { type EvidenceItem, type EvidenceItemName, SealInput, type SealResult } from '../../src/contracts/evidence.js';
import { manifestBytes, manifestHashBytes, manifestOf, sealProblems } from '../../src/domain/evidence/manifest.js';
import { manifestHashPath, manifestPath } from '../../src/domain/evidence/paths.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';

export interface SealEvidenceDeps {
  readonly evidence: EvidenceStore;
  /** ARN of the collecting user or role, the same after every restart: it stands in the manifest. */
  readonly collector: string;
}

/**
 * Writes a collection's manifest, chained by hash to the one before it, and beside it a file with its hash. Both are a
 * pure function of the input: delivered twice, the same two files. Needs `s3:PutObject` and `s3:PutObjectRetention` where
 * the store is S3.
 *
 * @throws InvalidPayload, permanent: the input names files of another incident, an item twice, or no earlier manifest.
 * @throws PreconditionFailed, permanent: this collection is sealed with another content.
 */
export function createSealEvidence({ evidence, collector }: SealEvidenceDeps): (input: SealInput) => Promise<SealResult> {
  return async (raw) => {
    const input = parsePayload(SealInput, raw, 'seal input');
    const problems = sealProblems(input);
    if (problems.length > 0) throw permanent('InvalidPayload', `seal input: ${problems.join('; ')}`);
    const { incidentId, collectionId, items } = input;
    const bytes = manifestBytes(manifestOf(input, collector));
    const manifest = await evidence.put(manifestPath(incidentId, collectionId), bytes);
    await evidence.put(manifestHashPath(incidentId, collectionId), manifestHashBytes(bytes));
    return { manifest, collected: named(items, 'collected'), absent: named(items, 'absent') };
  };
}

function named(items: readonly EvidenceItem[], outcome: EvidenceItem['outcome']): EvidenceItemName[] {
  return items.filter((item) => item.outcome === outcome).map(({ item }) => item);
}
