import { NormalizedSchema } from '@smithy/core/schema';
import type { Codec } from './codec.js';
import { escapeXml, formOf, innerXml } from './query-xml.js';
import { readQuery } from './read-query.js';

const XML_HEADER = { 'content-type': 'text/xml;charset=UTF-8' } as const;
const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** EC2's own form of the AWS Query style: flat lists in, XML without a result element out, and a refusal with a name of its own. */
export function createEc2QueryCodec(): Codec {
  return {
    unknownOperationCode: 'InvalidAction',
    accessDenied: { code: 'UnauthorizedOperation', status: 403 },
    operationName: (request) => formOf(request).get('Action'),

    readInput: (operation, request) => {
      const input = readQuery(NormalizedSchema.of(operation[4]), { form: formOf(request), dialect: 'ec2' });
      return typeof input === 'object' && input !== null ? input : {};
    },

    writeOutput: (operation, output, requestId) => {
      const name = `${operation[2]}Response`;
      const body = `<${name} xmlns="${NAMESPACE}"><requestId>${requestId}</requestId>${innerXml(operation, output)}</${name}>`;
      return { status: 200, headers: { ...XML_HEADER, 'x-amzn-requestid': requestId }, body };
    },

    writeError: (error, requestId) => {
      const inner = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
      const body = `<Response><Errors><Error>${inner}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
      return { status: error.status, headers: { ...XML_HEADER, 'x-amzn-requestid': requestId }, body };
    },
  };
}
