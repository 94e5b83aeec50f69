import type { AwsError } from '../aws-error.js';
import type { WireRequest, WireResponse } from './messages.js';
import type { OperationSchema } from './operation-schema.js';

/** One AWS wire style, seen from the server. */
export interface Codec {
  /** The operation's name, or undefined when the request names none. */
  operationName(request: WireRequest): string | undefined;
  /** Reads the parameters by the SDK's schema. */
  readInput(operation: OperationSchema, request: WireRequest): object;
  /** Writes a success by the SDK's schema. */
  writeOutput(operation: OperationSchema, output: object, requestId: string): WireResponse;
  /** Writes an error in the form this style uses. */
  writeError(error: AwsError, requestId: string): WireResponse;
  /** The code this style uses for an operation nobody knows, e.g. `InvalidAction`. */
  readonly unknownOperationCode: string;
  /** The code this style uses for a refused call, e.g. `AccessDenied`. */
  readonly accessDenied: { readonly code: string; readonly status: number };
}
