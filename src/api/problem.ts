import { isGrpcServiceError, ServiceError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Refusal, type RefusalKind } from '../incidents/refusal.js';

/** Seconds after which a caller should ask again. */
const RETRY_AFTER_SECONDS = 5;

/** An answer that is not what was asked for: a status and one line. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Not known who calls. The line names no secret. */
export function unauthorized(why: string, scheme = 'Bearer'): Problem {
  return new Problem(401, why, { 'www-authenticate': `${scheme} realm="tourniquet"` });
}

/** Somebody we rest on does not answer: the same request may do later. */
export function unavailable(why: string): Problem {
  return new Problem(503, why, { 'retry-after': String(RETRY_AFTER_SECONDS) });
}

const STATUS: Readonly<Record<RefusalKind, number>> = {
  badRequest: 400,
  forbidden: 403,
  notFound: 404,
  refused: 409,
  unavailable: 503,
  failed: 500,
};

/** What an error is to a caller. What is not foreseen becomes a 500 that tells nothing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal)
    return error.kind === 'unavailable' ? unavailable(error.message) : new Problem(STATUS[error.kind], error.message);
  if (isTemporalTrouble(error)) return unavailable('Temporal does not answer');
  if (error instanceof WorkflowUpdateFailedError) return new Problem(400, oneLine(error.cause?.message ?? error.message));
  if (error instanceof ApplicationFailure) return ofFailure(error);
  return ofFramework(error);
}

/** Whether Temporal could not be reached or did not take it: nothing is lost, the caller has not been told otherwise. */
export function isTemporalTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcServiceError(error)) return true;
  return /failed to connect before the deadline/i.test(error.message) || isTemporalTrouble(error.cause);
}

function ofFailure(error: ApplicationFailure): Problem {
  if (error.type === 'PermissionDenied') return new Problem(403, oneLine(error.message));
  if (error.type === 'UpstreamUnavailable' || error.type === 'Throttled') return unavailable(oneLine(error.message));
  if (error.type === 'InvalidPayload') return new Problem(400, oneLine(error.message));
  return new Problem(500, 'it could not be done; the log says why');
}

/** Fastify's own refusals: a body that is too large, no JSON, an unknown type. */
function ofFramework(error: unknown): Problem {
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 413) return new Problem(413, 'the body is too large: at most 1048576 bytes');
  if (status === 415) return new Problem(415, 'content-type: expected application/json');
  if (status >= 400 && status < 500 && error instanceof Error) return new Problem(status, 'the body is not valid JSON');
  return new Problem(500, 'it could not be done; the log says why');
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').slice(0, 1_000);
}
