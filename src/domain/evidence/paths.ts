import { createHash } from 'node:crypto';
import type { EvidenceItemName } from '../../contracts/evidence.js';

/** Where one file of a collection belongs. */
export interface EvidencePlace {
  readonly incidentId: string;
  readonly collectionId: string;
  readonly item: EvidenceItemName;
  /** Letters, digits, `.`, `_` and `-`; says what is in it, e.g. `findings-us-east-1`. */
  readonly name: string;
  readonly extension: 'json' | 'csv';
}

/** Hex digits of the hash that a name carries: 64 bits tell apart whatever one incident collects. */
const HASH_IN_NAME = 16;
const CARRIED_HASH = /-([0-9a-f]{16})\.(?:json|csv)$/;

/** SHA-256 in hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The content-addressed path of a file. The same content again has the same path, other content another one,
 * so that collecting again after a crash overwrites nothing.
 */
export function evidencePath({ incidentId, collectionId, item, name, extension }: EvidencePlace, bytes: Uint8Array): string {
  return `${incidentId}/${collectionId}/${item}/${name}-${sha256Hex(bytes).slice(0, HASH_IN_NAME)}.${extension}`;
}

/** The path of a collection's manifest. */
export function manifestPath(incidentId: string, collectionId: string): string {
  return `${incidentId}/${collectionId}/manifest.json`;
}

/** The path of the file with the manifest's hash, beside the manifest. */
export function manifestHashPath(incidentId: string, collectionId: string): string {
  return `${incidentId}/${collectionId}/manifest.sha256`;
}

/** Whether a name carries the true hash of its content. */
export function carriesItsHash(path: string, sha256: string): boolean {
  return CARRIED_HASH.exec(path)?.[1] === sha256.slice(0, HASH_IN_NAME);
}
