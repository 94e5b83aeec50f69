import { AwsError, validationError } from '../aws-error.js';
import type { WireRequest } from '../wire/messages.js';
import { missingParameters, type OperationSchema } from '../wire/operation-schema.js';
import type { Operation, Operations } from './operation.js';
import type { WireService } from './services.js';

/** A request read as a call of one operation. */
export type ParsedCall = {
  readonly name: string;
  readonly schema: OperationSchema;
  readonly operation: Operation;
  readonly input: object;
  /** Set when a needed parameter is missing: the service says so after authorization, and records it. */
  readonly invalid?: AwsError;
};

/** @throws AwsError InvalidAction or UnknownOperationException for what the service does not know or the range does not play */
export function parseCall(service: WireService, { request, operations }: { request: WireRequest; operations: Operations }): ParsedCall {
  const { codec, schemas } = service;
  const name = codec.operationName(request) ?? '';
  const schema = schemas.get(name);
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (schema === undefined || operation === undefined)
    throw new AwsError(codec.unknownOperationCode, `Could not find operation ${name} for ${service.name}`);
  const input = codec.readInput(schema, request);
  const missing = missingParameters(schema, input);
  return {
    name,
    schema,
    operation,
    input,
    ...(missing.length === 0 ? {} : { invalid: validationError(`The request must contain the parameter ${missing.join(', ')}.`) }),
  };
}
