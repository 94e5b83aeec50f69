import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RejectedMessage, RejectedStore } from '../../ports/rejected-store.js';
import { writeAtomically } from '../records/atomic-file.js';
import { createQueue } from '../records/serial.js';

/** How many messages are kept; a flood of rubbish pushes out the oldest, never fills the disk. */
const KEPT_MESSAGES = 1_000;

const Stored = z.object({ receivedAt: z.string(), reason: z.string(), sha256: z.string(), bytes: z.number(), excerpt: z.string() });

/** One file a message, named by time and hash: the same message at the same moment is one file. */
export function createFileRejectedStore(folder: string, kept = KEPT_MESSAGES): RejectedStore {
  const inOrder = createQueue();

  async function names(): Promise<string[]> {
    await mkdir(folder, { recursive: true });
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  }

  return {
    put: (message: RejectedMessage) =>
      inOrder(async () => {
        const name = `${message.receivedAt.replace(/[^0-9TZ]/g, '')}-${message.sha256.replace(/[^0-9a-f]/g, '').slice(0, 16)}.json`;
        await writeAtomically(join(folder, name), JSON.stringify(message));
        const all = await names();
        for (const old of all.slice(0, Math.max(0, all.length - kept))) await rm(join(folder, old), { force: true });
      }),
    list: async (limit) => {
      const newest = (await names()).slice(-limit).reverse();
      return Promise.all(newest.map(async (name) => Stored.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))));
    },
  };
}
