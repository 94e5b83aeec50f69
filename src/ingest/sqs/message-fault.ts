import { isGrpcServiceError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ZodError } from 'zod';
import { TRANSIENT_FAILURES } from '../../contracts/failures.js';

/** gRPC's codes for a request that no repetition mends. */
const INVALID_REQUEST: ReadonlySet<number> = new Set([3, 11]);

/**
 * Whether a message failed for what it is. Anything else that fails (Temporal, the disk, our credentials) passes, and is no
 * reason to give a message up: it stays in the queue.
 */
export function isFaultOfMessage(error: unknown): boolean {
  if (isTransient(error)) return false;
  if (error instanceof ApplicationFailure) return error.type === 'InvalidPayload';
  if (error instanceof ZodError || error instanceof TypeError || error instanceof RangeError) return !hasSystemCause(error);
  return causesOf(error).some((cause) => isGrpcServiceError(cause) && INVALID_REQUEST.has(cause.code));
}

/** A one-line reason without anything of the message: the names of the error and of its causes. */
export function reasonOf(error: unknown): string {
  const names = causesOf(error).map((cause) => {
    if (isGrpcServiceError(cause)) return `gRPC ${cause.code}`;
    if (cause instanceof ApplicationFailure) return cause.type ?? cause.name;
    return cause instanceof Error ? cause.name : 'not an error';
  });
  return names.join(' from ').slice(0, 200);
}

function isTransient(error: unknown): boolean {
  const types: readonly string[] = TRANSIENT_FAILURES;
  return error instanceof ApplicationFailure && types.includes(error.type ?? '');
}

/** `fetch` reports a broken connection as a TypeError. */
function hasSystemCause(error: Error): boolean {
  return causesOf(error).some((cause) => cause instanceof Error && 'code' in cause && typeof cause.code === 'string');
}

const DEEPEST_CAUSE = 5;

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [error];
  for (let last = error; last instanceof Error && last.cause !== undefined && causes.length < DEEPEST_CAUSE;) {
    last = last.cause;
    causes.push(last);
  }
  return causes;
}
