import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { EvidenceFolder } from '../../domain/evidence/verify.js';

/**
 * Lists a folder of evidence for the verifier. Links are named and not followed.
 *
 * @throws Error of the file system: no such folder, or no permission.
 */
export async function readEvidenceFolder(folder: string): Promise<EvidenceFolder> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: { path: string; bytes: number }[] = [];
  const others: string[] = [];
  for (const entry of entries) {
    const full = join(entry.parentPath, entry.name);
    const path = relative(folder, full).split(sep).join('/');
    if (entry.isFile()) files.push({ path, bytes: (await lstat(full)).size });
    else if (!entry.isDirectory()) others.push(path);
  }
  return {
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    others: others.toSorted(),
    read: (path) => readFile(join(folder, path)),
  };
}
