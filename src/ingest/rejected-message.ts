import { createHash } from 'node:crypto';
import type { RejectedMessage } from '../ports/rejected-store.js';

const EXCERPT_CHARACTERS = 2_000;

/** What is kept of a message that was not accepted as an alert. */
export function rejectedMessage(message: string, { reason, at }: { reason: string; at: Date }): RejectedMessage {
  return {
    receivedAt: at.toISOString(),
    reason,
    sha256: createHash('sha256').update(message).digest('hex'),
    bytes: Buffer.byteLength(message),
    excerpt: message.slice(0, EXCERPT_CHARACTERS),
  };
}
