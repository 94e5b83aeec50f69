import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { permanent, transient, type PermanentFailure, type TransientFailure } from '../../contracts/failures.js';

/** AWS error names → our failure types (aws-domain 2.3, house style 2.4). */
const PERMANENT: Readonly<Record<string, PermanentFailure>> = {
  NoSuchEntity: 'TargetNotFound',
  NoSuchEntityException: 'TargetNotFound',
  ResourceNotFoundException: 'TargetNotFound',
  NoSuchBucket: 'TargetNotFound',
  NoSuchKey: 'TargetNotFound',
  AccessDenied: 'PermissionDenied',
  AccessDeniedException: 'PermissionDenied',
  UnauthorizedOperation: 'PermissionDenied',
  InvalidClientTokenId: 'PermissionDenied',
  SignatureDoesNotMatch: 'PermissionDenied',
  ExpiredToken: 'PermissionDenied',
  ExpiredTokenException: 'PermissionDenied',
  CredentialsProviderError: 'PermissionDenied',
  UnmodifiableEntity: 'UnsafeAction',
  UnmodifiableEntityException: 'UnsafeAction',
  LimitExceeded: 'QuotaExceeded',
  LimitExceededException: 'QuotaExceeded',
  ValidationError: 'InvalidPayload',
  MalformedPolicyDocument: 'InvalidPayload',
  MalformedPolicyDocumentException: 'InvalidPayload',
};
const TRANSIENT: Readonly<Record<string, TransientFailure>> = {
  Throttling: 'Throttled',
  ThrottlingException: 'Throttled',
  ThrottledException: 'Throttled',
  TooManyRequestsException: 'Throttled',
  RequestLimitExceeded: 'Throttled',
  SlowDown: 'Throttled',
  ConcurrentModification: 'ConflictInFlight',
  ConcurrentModificationException: 'ConflictInFlight',
  ConditionalRequestConflict: 'ConflictInFlight',
  // Something still hangs on what is deleted: the next attempt finds it.
  DeleteConflict: 'ConflictInFlight',
  DeleteConflictException: 'ConflictInFlight',
  EntityTemporarilyUnmodifiable: 'ConflictInFlight',
  EntityTemporarilyUnmodifiableException: 'ConflictInFlight',
  ServiceFailure: 'UpstreamUnavailable',
  ServiceUnavailable: 'UpstreamUnavailable',
  InternalFailure: 'UpstreamUnavailable',
  TimeoutError: 'UpstreamUnavailable',
  ECONNRESET: 'UpstreamUnavailable',
  ECONNREFUSED: 'UpstreamUnavailable',
  EPIPE: 'UpstreamUnavailable',
  ETIMEDOUT: 'UpstreamUnavailable',
};

/**
 * Maps what the AWS SDK throws to our failure types; anything else, and what is one already, comes back
 * as it is. The message names the error and AWS's request id, never a request parameter.
 */
export function classifyAwsError(error: unknown): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure || !(error instanceof Error)) return error;
  const code = codeOf(error);
  const message = `${error.name}: ${withoutSecrets(error.message)}${requestIdOf(error)}`;
  const lasting = PERMANENT[error.name] ?? PERMANENT[code];
  if (lasting) return permanent(lasting, message);
  const passing = TRANSIENT[error.name] ?? TRANSIENT[code] ?? (statusOf(error) >= 500 ? 'UpstreamUnavailable' : undefined);
  return passing ? transient(passing, message) : error;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function metadataOf(error: Error): { httpStatusCode?: unknown; requestId?: unknown } {
  return '$metadata' in error && typeof error.$metadata === 'object' && error.$metadata !== null ? error.$metadata : {};
}

function statusOf(error: Error): number {
  const status = metadataOf(error).httpStatusCode;
  return typeof status === 'number' ? status : 0;
}

function requestIdOf(error: Error): string {
  const id = metadataOf(error).requestId;
  return typeof id === 'string' ? ` (request ${id})` : '';
}

/** AWS repeats parts of a request in some messages: session tokens and long base64 runs have no place in ours. */
function withoutSecrets(message: string): string {
  return message.replaceAll(/[A-Za-z0-9+/=]{80,}/g, '[removed]').slice(0, 600);
}
