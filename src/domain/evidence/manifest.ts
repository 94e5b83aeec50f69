import type { EvidenceManifest, SealInput } from '../../contracts/evidence.js';
import { canonicalJson } from '../canonical-json.js';
import { sha256Hex } from './paths.js';

/** Whose clocks the times in a manifest are. */
const CLOCK = 'UTC; startedAt and endedAt by the collecting worker, sealedAt by the workflow';

/**
 * The manifest of a collection: a pure function of its input, so that sealing again gives the same bytes.
 *
 * @param collector the identity that collects. The same after a restart or an upgrade, or a repeated seal would differ:
 * a user or role ARN, without session. Which session and version read an item stands in the item's notes.
 */
export function manifestOf(input: SealInput, collector: string): EvidenceManifest {
  return {
    format: 'tourniquet-evidence-1',
    incidentId: input.incidentId,
    collectionId: input.collectionId,
    previousSha256: input.previous?.sha256 ?? null,
    tool: 'tourniquet',
    collector,
    sealedAt: input.sealedAt,
    clock: CLOCK,
    items: input.items,
  };
}

/** The bytes a manifest is stored and hashed as. */
export function manifestBytes(manifest: EvidenceManifest): Buffer {
  return Buffer.from(canonicalJson(manifest));
}

/** The content of `manifest.sha256`, in the form that `sha256sum --check` reads. */
export function manifestHashBytes(manifest: Uint8Array): Buffer {
  return Buffer.from(`${sha256Hex(manifest)}  manifest.json\n`);
}

/** What speaks against sealing this input; empty when nothing does. */
export function sealProblems({ incidentId, collectionId, previous, items }: SealInput): string[] {
  const problems: string[] = [];
  const names = items.map(({ item }) => item);
  for (const name of new Set(names)) if (names.filter((other) => other === name).length > 1) problems.push(`${name} is given twice`);
  for (const { path } of items.flatMap((item) => (item.outcome === 'collected' ? item.files.map(({ ref }) => ref) : []))) {
    if (!path.startsWith(`${incidentId}/`)) problems.push(`${path} is not a file of ${incidentId}`);
  }
  if (previous === undefined) return problems;
  const before = /^(c\d{2})\/manifest\.json$/.exec(previous.path.slice(incidentId.length + 1))?.[1];
  if (!previous.path.startsWith(`${incidentId}/`) || before === undefined || before >= collectionId) {
    problems.push(`${previous.path} is not the manifest of an earlier collection of ${incidentId}`);
  }
  return problems;
}
