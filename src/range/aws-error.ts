/** An answer that AWS would give as an error: code and status as on the wire. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  readonly status: number;
  /** Members of the answer beside code and message, e.g. `Reason`. */
  readonly members: Readonly<Record<string, string>>;

  /** @param more the status (400 when absent), or the members of an answer with status 400 */
  constructor(
    readonly code: string,
    message: string,
    more: number | Readonly<Record<string, string>> = 400,
  ) {
    super(message);
    this.status = typeof more === 'number' ? more : 400;
    this.members = typeof more === 'number' ? {} : more;
  }
}

/** IAM's answer for a thing that is not there. */
export function noSuchEntity(what: string, name: string): AwsError {
  return new AwsError('NoSuchEntity', `The ${what} with name ${name} cannot be found.`, 404);
}

/** The answer to a caller whose key is unknown, deleted or inactive, or whose token does not fit. Never recorded. */
export function invalidToken(): AwsError {
  return new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
}

/** The answer to a missing or malformed parameter. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** The value, or the answer AWS gives when a needed parameter is missing. */
export function required<T>(value: T | undefined, parameter: string): T {
  if (value === undefined) throw validationError(`The request must contain the parameter ${parameter}.`);
  return value;
}
