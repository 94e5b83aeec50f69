import { EvidenceManifest } from '../../contracts/evidence.js';
import type { EvidenceRef } from '../../contracts/primitives.js';
import { canonicalJson } from '../canonical-json.js';
import type { Link } from './chain.js';
import { manifestHashBytes } from './manifest.js';
import type { Problem } from './report.js';

/** A file with its hash. `within` is its path inside the incident; only manifests keep their content. */
export type StoredFile = {
  readonly path: string;
  readonly within: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly content: Uint8Array | undefined;
};

/** One collection as its manifest tells it. Sealed paths are those of the folder at hand. */
export type Collection = {
  readonly incidentId: string | undefined;
  readonly sealed: readonly Pick<EvidenceRef, 'path' | 'sha256' | 'bytes'>[];
  readonly link: Link | undefined;
  /** Manifest and its hash file. */
  readonly ownPaths: readonly string[];
  readonly problems: readonly Problem[];
};

/** Reads and checks a collection's manifest against its place and its hash file. */
export function readCollection({ root, id, files }: { root: string; id: string; files: readonly StoredFile[] }): Collection {
  const at = (name: string): string => `${root === '' ? '' : `${root}/`}${id}/${name}`;
  const path = at('manifest.json');
  const hashPath = at('manifest.sha256');
  const ownPaths = [path, hashPath];
  const file = files.find((one) => one.path === path);
  const hashFile = files.find((one) => one.path === hashPath);
  if (file?.content === undefined) {
    const detail =
      hashFile === undefined ? 'is not there: the collection was never sealed, or its manifest is gone' : 'is not there, its hash file is';
    const problem: Problem = { kind: hashFile === undefined ? 'unsealed' : 'missing', path, detail };
    return { incidentId: undefined, sealed: [], link: undefined, ownPaths, problems: [problem] };
  }

  const manifest = parseManifest(file.content);
  const problems = hashFileProblems({ content: file.content, path, hashFile, hashPath });
  const fail = (detail: string): void => void problems.push({ kind: 'manifest', path, detail });
  if (typeof manifest === 'string') {
    fail(manifest);
    return { incidentId: undefined, sealed: [], link: { path, sha256: file.sha256, previous: undefined }, ownPaths, problems };
  }

  const { incidentId, collectionId, previousSha256: previous } = manifest;
  if (collectionId !== id) fail(`is the manifest of ${collectionId}: collections were reordered`);
  if (root !== '' && root.split('/').at(-1) !== incidentId) fail(`is the manifest of ${incidentId}`);
  const refs = manifest.items.flatMap((item) => (item.outcome === 'collected' ? item.files.map(({ ref }) => ref) : []));
  const own = refs.filter((ref) => ref.path.startsWith(`${incidentId}/`));
  if (own.length < refs.length) fail('names files of another incident');
  const sealed = own.map((ref) => ({ ...ref, path: `${root === '' ? '' : `${root}/`}${ref.path.slice(incidentId.length + 1)}` }));
  return { incidentId, sealed, link: { path, sha256: file.sha256, previous }, ownPaths, problems };
}

/** The hash file makes a change to the last manifest visible, to which nothing is chained yet. */
function hashFileProblems(seal: { content: Uint8Array; path: string; hashFile: StoredFile | undefined; hashPath: string }): Problem[] {
  const { content, path, hashFile, hashPath } = seal;
  if (hashFile?.content === undefined) return [{ kind: 'missing', path: hashPath, detail: `the hash file of ${path} is not there` }];
  const fits = Buffer.from(hashFile.content).equals(manifestHashBytes(content));
  return fits ? [] : [{ kind: 'altered', path, detail: `does not have the SHA-256 of ${hashPath}: one of the two was altered` }];
}

/** The manifest, or what is wrong with it. */
function parseManifest(content: Uint8Array): EvidenceManifest | string {
  const text = Buffer.from(content).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const parsed = EvidenceManifest.safeParse(value);
  if (!parsed.success) return `is malformed at ${parsed.error.issues[0]?.path.map(String).join('.') || 'its root'}`;
  return canonicalJson(value) === text ? parsed.data : 'is not written in canonical JSON';
}
