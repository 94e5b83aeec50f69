import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { commandLine, endProcess, isAlive } from './processes.js';
import type { Progress } from './progress.js';

const Entry = z.object({ pid: z.number().int(), address: z.string(), ownerPid: z.number().int(), ownerCommand: z.string() });
type Entry = z.infer<typeof Entry>;

const GRACE_MS = 5_000;

/** Records a server we started, so that a later run can end it when this one dies first. */
export async function writePidFile(file: string, pid: number, address: string): Promise<void> {
  const entry: Entry = { pid, address, ownerPid: process.pid, ownerCommand: await commandLine(process.pid) };
  await writeFile(`${file}.tmp`, JSON.stringify(entry));
  await rename(`${file}.tmp`, file);
}

/** Forgets the server. */
export async function removePidFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Ends the server of a run that died.
 *
 * @param database path of its database: a process whose command line does not name it is not ours and is left alone.
 * @throws Error when the run that started it is alive: two servers on one database would spoil it.
 */
export async function endOrphan(file: string, database: string, onProgress: Progress): Promise<void> {
  const entry = await readEntry(file);
  if (entry === undefined) return;
  const command = await commandLine(entry.pid);
  const ours = (await isAlive(entry.pid)) && command.includes('start-dev') && command.includes(database);
  if (ours) {
    if ((await isAlive(entry.ownerPid)) && (await commandLine(entry.ownerPid)) === entry.ownerCommand) {
      throw new Error(
        `a Temporal dev server on ${database} is in use by process ${entry.ownerPid}. Set TEMPORAL_ADDRESS=${entry.address} to share it, or another TOURNIQUET_DATA_DIR`,
      );
    }
    onProgress(`ending the Temporal dev server of an earlier run (pid ${entry.pid})`);
    await endProcess(entry.pid, GRACE_MS);
  }
  await removePidFile(file);
}

async function readEntry(file: string): Promise<Entry | undefined> {
  try {
    return Entry.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
