import { open } from 'node:fs/promises';
import { MAX_MESSAGE_BYTES } from '../ingest/safe-json.js';

export type ReadMessage = { readonly text: string } | { readonly reason: string };

/** Reads one message file, never more than a message may have. */
export async function readMessage(path: string): Promise<ReadMessage> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_MESSAGE_BYTES) return { reason: `the message is too large: ${size} bytes, at most ${MAX_MESSAGE_BYTES}` };
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile()) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof TypeError) return { reason: 'the message is not UTF-8 text' };
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { reason: `the file cannot be read (${code})` };
  }
}
