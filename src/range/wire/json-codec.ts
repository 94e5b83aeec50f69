import { JsonCodec } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Codec } from './codec.js';
import { parseJson } from './json-body.js';

/** The AWS JSON style, 1.1 of CloudTrail or 1.0 of SQS: `x-amz-target` names the operation, timestamps are epoch seconds (the SDK's sentinel 7). */
export function createJsonCodec(version: '1.0' | '1.1' = '1.1'): Codec {
  const codec = new JsonCodec({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });
  const headers = (requestId: string): Record<string, string> => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  });

  return {
    unknownOperationCode: 'UnknownOperationException',
    accessDenied: { code: 'AccessDeniedException', status: 400 },
    operationName: (request) => request.headers['x-amz-target']?.split('.').at(-1),

    readInput: (operation, request) => {
      const schema = NormalizedSchema.of(operation[4]);
      if (!schema.isStructSchema()) return {};
      const input: unknown = codec.createDeserializer().readObject(schema, parseJson(request.body));
      return typeof input === 'object' && input !== null ? input : {};
    },

    writeOutput: (operation, output, requestId) => {
      const schema = NormalizedSchema.of(operation[5]);
      if (!schema.isStructSchema()) return { status: 200, headers: headers(requestId), body: '{}' };
      const serializer = codec.createSerializer();
      serializer.write(schema, output);
      return { status: 200, headers: headers(requestId), body: serializer.flush() };
    },

    writeError: (error, requestId) => ({
      status: error.status,
      headers: { ...headers(requestId), 'x-amzn-errortype': error.code },
      body: JSON.stringify({ ...error.members, __type: error.code, message: error.message }),
    }),
  };
}
