import type { GetUser$ } from '@aws-sdk/client-iam';
import { NormalizedSchema } from '@smithy/core/schema';

/** One operation as the SDK describes it: `[9, namespace, name, traits, input, output]`. SDK-internal layout: versions are pinned. */
export type OperationSchema = typeof GetUser$;

/** How AWS names one error on the wire, in CloudTrail, and with which status. */
export type ErrorShape = { readonly code: string; readonly shape: string; readonly status: number };

const OPERATION = 9;
const ERROR = -3;

function isOperation(value: unknown): value is OperationSchema {
  return Array.isArray(value) && value[0] === OPERATION;
}

/** Every operation that a client package describes, by name. */
export function operationsOf(clientModule: object): ReadonlyMap<string, OperationSchema> {
  return new Map(
    Object.values(clientModule)
      .filter(isOperation)
      .map((schema) => [schema[2], schema]),
  );
}

/** Every error that a client package describes, by its code on the wire. */
export function errorsOf(clientModule: object): ReadonlyMap<string, ErrorShape> {
  const shapes: [string, ErrorShape][] = [];
  for (const value of Object.values(clientModule)) {
    const [kind, , shape, traits] = membersOf(value);
    if (kind !== ERROR) continue;
    if (typeof shape !== 'string' || typeof traits !== 'object' || traits === null) continue;
    const query: unknown = 'awsQueryError' in traits ? traits.awsQueryError : undefined;
    const [code = shape, status = 400] = membersOf(query);
    if (typeof code === 'string' && typeof status === 'number') shapes.push([code, { code, shape, status }]);
  }
  return new Map(shapes);
}

/** The parameters an operation cannot do without. The schema lists its required members first and counts them. */
export function requiredParameters(operation: OperationSchema): string[] {
  const [, , , , names, , requiredCount] = membersOf(NormalizedSchema.of(operation[4]).getSchema());
  if (typeof requiredCount !== 'number') return [];
  return membersOf(names)
    .slice(0, requiredCount)
    .filter((name): name is string => typeof name === 'string');
}

/** The required parameters that `input` lacks. */
export function missingParameters(operation: OperationSchema, input: object): string[] {
  return requiredParameters(operation).filter((name) => !(name in input));
}

/** Schemas are plain arrays in the SDK; anything else has no members. */
function membersOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
