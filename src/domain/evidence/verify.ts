import { EvidenceItemName } from '../../contracts/evidence.js';
import { checkChain, type Link } from './chain.js';
import { carriesItsHash, sha256Hex } from './paths.js';
import { readCollection, type Collection, type StoredFile } from './read-collection.js';
import type { EvidenceReport, Problem, VerifiedIncident } from './report.js';

/** A folder or downloaded prefix, as the verifier sees it. Paths are relative, with `/`. */
export interface EvidenceFolder {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** What is there and is no regular file: links, sockets. Never followed. */
  readonly others: readonly string[];
  read(path: string): Promise<Uint8Array>;
}

type Notes = EvidenceReport['notes'][number][];

/** `<incident>/c01/…` or `<incident>/snapshots/…`; the incident's part is empty when its own folder is verified. */
const PLACE = /^(?:(?<incident>.*?)\/)?(?<section>c\d{2}|snapshots)\/(?<rest>.+)$/;
/** What a killed writer leaves beside its target. */
const INTERRUPTED = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;
const LEFT_BY_REPEAT = new RegExp(`^c\\d{2}/(?:${EvidenceItemName.options.join('|')})/[^/]+$`);

/**
 * Checks evidence against its manifests and the manifests against each other; needs nothing but the files. Every file is
 * read and hashed. Names what is altered, missing, added, renamed, swapped or out of its chain.
 *
 * What only a hash kept elsewhere can show: that the last collections were removed whole, or the last manifest was
 * forged with its hash file. `expected` takes such hashes.
 */
export async function verifyEvidence(folder: EvidenceFolder, expected: readonly string[] = []): Promise<EvidenceReport> {
  const problems: Problem[] = folder.others.map((path) => ({ kind: 'added', path, detail: 'is no regular file' }));
  const notes: Notes = [];
  const byIncident = new Map<string, StoredFile[]>();
  for (const { path, bytes } of folder.files) {
    const content = await folder.read(path);
    const place = PLACE.exec(path)?.groups;
    const file = { path, bytes, sha256: sha256Hex(content), within: `${place?.['section'] ?? ''}/${place?.['rest'] ?? ''}`, content };
    if (place !== undefined) addTo(byIncident, place['incident'] ?? '', isManifest(file.within) ? file : { ...file, content: undefined });
    else if (INTERRUPTED.test(path)) notes.push({ path, detail: 'left by an interrupted write' });
    else problems.push({ kind: 'added', path, detail: 'belongs to no collection' });
  }

  const incidents: VerifiedIncident[] = [];
  for (const [root, files] of [...byIncident].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const found = verifyIncident(root, files);
    problems.push(...found.problems);
    notes.push(...found.notes);
    incidents.push(found.incident);
  }
  problems.push(...checkHeads(incidents, expected));
  if (folder.files.length === 0) problems.push({ kind: 'missing', path: '.', detail: 'holds no evidence' });
  return { ok: problems.length === 0, incidents, problems, notes };
}

function verifyIncident(root: string, files: readonly StoredFile[]): { incident: VerifiedIncident; problems: Problem[]; notes: Notes } {
  const ids = [...new Set(files.map(({ within }) => within.split('/')[0] ?? ''))].filter((id) => id !== 'snapshots').toSorted();
  const collections = ids.map((id) => readCollection({ root, id, files }));
  const problems = collections.flatMap((collection) => collection.problems);
  const sealed = collections.flatMap((collection) => collection.sealed);
  const sealedPaths = new Set(sealed.map(({ path }) => path));
  const bySha = new Map(files.map((file) => [file.sha256, file.path]));
  const present = new Map(files.map((file) => [file.path, file]));

  for (const ref of sealed) {
    const file = present.get(ref.path);
    const elsewhere = bySha.get(ref.sha256);
    if (file === undefined) {
      const detail =
        elsewhere === undefined ? `sealed with SHA-256 ${ref.sha256}, is not there` : `is not there; its bytes are at ${elsewhere}`;
      problems.push({ kind: elsewhere === undefined ? 'missing' : 'moved', path: ref.path, detail });
    } else if (file.sha256 !== ref.sha256 || file.bytes !== ref.bytes) {
      problems.push(differenceOf(file, { ref, sealed }));
    }
  }

  const notes: Notes = [];
  const manifests = new Set(collections.flatMap(({ ownPaths }) => ownPaths));
  for (const file of files) {
    if (sealedPaths.has(file.path) || manifests.has(file.path)) continue;
    judgeUnsealed(file, { sealed, problems, notes });
  }

  const chain: Link[] = collections.flatMap(({ link }) => link ?? []);
  problems.push(...checkChain(chain));
  const head = chain.at(-1)?.sha256 ?? null;
  return { incident: { incident: nameOf(root, collections), collections: ids, sealedFiles: sealedPaths.size, head }, problems, notes };
}

type Sealed = Collection['sealed'][number];

function differenceOf(file: StoredFile, { ref, sealed }: { ref: Sealed; sealed: readonly Sealed[] }): Problem {
  const meant = sealed.find((other) => other.sha256 === file.sha256);
  if (meant !== undefined) return { kind: 'moved', path: file.path, detail: `holds the bytes sealed as ${meant.path}` };
  const sizes = file.bytes === ref.bytes ? '' : `, ${file.bytes} bytes instead of ${ref.bytes}`;
  return { kind: 'altered', path: file.path, detail: `SHA-256 is ${file.sha256}, sealed was ${ref.sha256}${sizes}` };
}

/** A file that no manifest names: explained by its place and by the hash in its name, or added by somebody. */
function judgeUnsealed(
  file: StoredFile,
  { sealed, problems, notes }: { sealed: readonly Sealed[]; problems: Problem[]; notes: Notes },
): void {
  const { path, within, sha256 } = file;
  const copied = sealed.find((other) => other.sha256 === sha256);
  const isTrue = carriesItsHash(path, sha256);
  if (INTERRUPTED.test(path)) notes.push({ path, detail: 'left by an interrupted write' });
  else if (copied !== undefined && !isTrue) problems.push({ kind: 'added', path, detail: `holds the bytes sealed as ${copied.path}` });
  else if (/^snapshots\/[^/]+$/.test(within)) {
    if (!isTrue) problems.push({ kind: 'altered', path, detail: `its name does not carry its SHA-256 ${sha256}` });
  } else if (isTrue && LEFT_BY_REPEAT.test(within)) notes.push({ path, detail: 'not sealed: left by a repeated collection' });
  else problems.push({ kind: 'added', path, detail: 'is in no manifest' });
}

function checkHeads(incidents: readonly VerifiedIncident[], expected: readonly string[]): Problem[] {
  const heads = incidents.map(({ head }) => head);
  return expected
    .filter((hash) => !heads.includes(hash.toLowerCase()))
    .map((hash) => ({ kind: 'head', path: '.', detail: `no chain ends with ${hash}; the heads are ${heads.join(', ') || 'none'}` }));
}

function isManifest(within: string): boolean {
  return /^c\d{2}\/manifest\.(json|sha256)$/.test(within);
}

function nameOf(root: string, collections: readonly Collection[]): string {
  return root === '' ? (collections.flatMap(({ incidentId }) => incidentId ?? [])[0] ?? '.') : root;
}

function addTo(groups: Map<string, StoredFile[]>, key: string, file: StoredFile): void {
  groups.set(key, [...(groups.get(key) ?? []), file]);
}
