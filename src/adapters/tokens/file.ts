import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Role } from '../../contracts/callers.js';
import { permanent } from '../../contracts/failures.js';
import type { TokenRecord, TokenStore } from '../../ports/token-store.js';
import { writeBeside } from '../records/atomic-file.js';
import { createQueue } from '../records/serial.js';

const TOKEN_BYTES = 32;
const PREFIX = 'tq_';
const TOKEN = /^tq_[\w-]{43}$/;

const Stored = z.array(
  z.strictObject({
    id: z.string(),
    subject: z.string(),
    roles: z.array(Role),
    sha256: z.string().length(64),
    createdAt: z.string(),
    expiresAt: z.string(),
    revokedAt: z.string().optional(),
  }),
);

/** Tokens as hashes in one JSON file (mode 600), read at each question, so that a revocation holds at once. */
export function createFileTokenStore(file: string): TokenStore {
  const inOrder = createQueue();

  async function read(): Promise<TokenRecord[]> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]';
      throw error;
    });
    const parsed = Stored.safeParse(JSON.parse(text));
    if (!parsed.success)
      throw permanent('PlaybookInvalid', 'the token file cannot be read: expected what `tourniquet token create` writes');
    return parsed.data;
  }

  async function write(records: readonly TokenRecord[]): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeBeside(file, JSON.stringify(records, null, 2), async (beside) => {
      await chmod(beside, 0o600);
      await rename(beside, file);
    });
  }

  return {
    create: (given) =>
      inOrder(async () => {
        const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
        const record: TokenRecord = { id: randomBytes(4).toString('hex'), ...given, sha256: hashOf(token) };
        await write([...(await read()), record]);
        return { token, record };
      }),
    // The hash of 256 random bits is compared: how long that takes tells nothing about the token.
    find: async (token) => (TOKEN.test(token) ? (await read()).find(({ sha256 }) => sha256 === hashOf(token)) : undefined),
    list: read,
    revoke: (id, at) =>
      inOrder(async () => {
        const records = await read();
        if (!records.some((record) => record.id === id)) return false;
        await write(records.map((record) => (record.id === id ? { ...record, revokedAt: record.revokedAt ?? at } : record)));
        return true;
      }),
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
