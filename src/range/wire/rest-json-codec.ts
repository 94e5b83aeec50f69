import { FromStringShapeDeserializer, JsonCodec } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Codec } from './codec.js';
import { parseJson } from './json-body.js';
import type { WireRequest } from './messages.js';
import type { OperationSchema } from './operation-schema.js';
import { createRoutes, httpTrait } from './routes.js';

/** Default timestamp in JSON bodies: epoch seconds (the SDK's sentinel 7). In the query: ISO 8601 (5). */
const BODY = { timestampFormat: { useTrait: true, default: 7 }, jsonName: true } as const;
const QUERY = { timestampFormat: { useTrait: true, default: 5 } } as const;

/** Reads what stands in the path or the query. */
const scalars = new FromStringShapeDeserializer(QUERY);

/**
 * The AWS REST JSON style of GuardDuty and Access Analyzer: method and path name the operation, parameters stand in the
 * path, the query and a JSON body. Headers as parameters and raw payloads do not occur in the operations played.
 */
export function createRestJsonCodec(operations: Iterable<OperationSchema>): Codec {
  const findRoute = createRoutes(operations);
  const codec = new JsonCodec(BODY);
  const headers = (requestId: string): Record<string, string> => ({ 'content-type': 'application/json', 'x-amzn-requestid': requestId });

  const bodyOf = (schema: NormalizedSchema, request: WireRequest): object => {
    const body: unknown = codec.createDeserializer().readObject(schema, parseJson(request.body));
    return typeof body === 'object' && body !== null ? body : {};
  };

  return {
    unknownOperationCode: 'UnknownOperationException',
    accessDenied: { code: 'AccessDeniedException', status: 403 },
    operationName: (request) => findRoute(request)?.operation[2],

    readInput: (operation, request) => {
      const schema = NormalizedSchema.of(operation[4]);
      if (!schema.isStructSchema()) return {};
      const labels = findRoute(request)?.labels ?? {};
      const outside: [string, unknown][] = [];
      for (const [name, member] of schema.structIterator()) {
        const { httpLabel, httpQuery } = member.getMergedTraits();
        const text = httpLabel === undefined ? (httpQuery === undefined ? undefined : request.query[httpQuery]) : labels[name];
        if (text !== undefined) outside.push([name, scalars.read(member, text)]);
      }
      return { ...bodyOf(schema, request), ...Object.fromEntries(outside) };
    },

    writeOutput: (operation, output, requestId) => {
      const [, , status = 200] = httpTrait(operation);
      const schema = NormalizedSchema.of(operation[5]);
      if (!schema.isStructSchema()) return { status, headers: headers(requestId), body: '{}' };
      const serializer = codec.createSerializer();
      serializer.write(schema, output);
      return { status, headers: headers(requestId), body: serializer.flush() };
    },

    writeError: (error, requestId) => ({
      status: error.status,
      headers: { ...headers(requestId), 'x-amzn-errortype': error.code },
      body: JSON.stringify({ __type: error.code, message: error.message }),
    }),
  };
}
