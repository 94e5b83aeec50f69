import { AwsError } from '../aws-error.js';

/** A quota or rule of Organizations that a call would break. @param reason one of ConstraintViolationExceptionReason */
export function constraintViolation(reason: string, message: string): AwsError {
  return new AwsError('ConstraintViolationException', message, { Reason: reason });
}

/** The answer to a name that is not there, e.g. `PolicyNotFoundException`. */
export function notFound(
  what: 'Policy' | 'Target' | 'Account' | 'Parent' | 'SourceParent' | 'DestinationParent' | 'ResourcePolicy',
): AwsError {
  return new AwsError(`${what}NotFoundException`, `You specified a ${what} that doesn't exist.`);
}

/** Organizations names neither action nor reason when it refuses. */
export function accessDenied(): AwsError {
  return new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
}
