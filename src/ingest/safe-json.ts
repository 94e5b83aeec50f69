import { isObject, RejectedMessageError } from './json-reader.js';

/** 256 KiB is what SQS, SNS and EventBridge deliver at most. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** Findings nest about ten deep. */
const MAX_DEPTH = 40;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses JSON from strangers: bounded in size and depth, without keys that reach into JavaScript objects.
 *
 * @throws RejectedMessageError with one line that holds nothing of the text.
 */
export function parseJson(text: string, what: string): unknown {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES) throw new RejectedMessageError(`${what} is too large: ${bytes} bytes, at most ${MAX_MESSAGE_BYTES}`);
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') throw new RejectedMessageError(`${what} is empty`);
  const value = parse(trimmed, what);
  checkShape(value, what);
  return value;
}

function parse(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    const cut = error instanceof Error && /end of JSON|Unterminated/.test(error.message);
    throw new RejectedMessageError(cut ? `${what} is JSON that ends too early` : `${what} is not valid JSON`, { cause: error });
  }
}

function checkShape(root: unknown, what: string): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new RejectedMessageError(`${what} is nested deeper than ${MAX_DEPTH} levels`);
    level = level.flatMap((value) => membersOf(value, what));
  }
}

function membersOf(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  const forbidden = Object.keys(value).find((key) => FORBIDDEN_KEYS.has(key));
  if (forbidden !== undefined) throw new RejectedMessageError(`${what} has the forbidden key ${forbidden}`);
  return Object.values(value);
}
