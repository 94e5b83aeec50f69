import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** `<16 hex of the sha256 of the files>-<os>-<arch>`: a new pin gets a new folder. */
export async function cacheKey(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return `${hash.digest('hex').slice(0, 16)}-${process.platform}-${process.arch}`;
}

/** Whether the file exists and may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Moves a finished file into the cache in one step: a killed process never leaves half a tool. */
export async function installFile(from: string, folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const target = join(folder, name);
  try {
    await rename(from, target);
  } catch {
    // Another file system: copy beside the target first.
    const beside = `${target}.${process.pid}`;
    await copyFile(from, beside);
    await rename(beside, target);
  }
  return target;
}
