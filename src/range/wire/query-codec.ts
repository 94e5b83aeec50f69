import { NormalizedSchema } from '@smithy/core/schema';
import type { Codec } from './codec.js';
import { escapeXml, formOf, innerXml } from './query-xml.js';
import { readQuery } from './read-query.js';

const XML_HEADER = { 'content-type': 'text/xml' } as const;

/** The AWS Query style of IAM and STS: form parameters in, XML out. */
export function createQueryCodec(xmlNamespace: string): Codec {
  return {
    unknownOperationCode: 'InvalidAction',
    accessDenied: { code: 'AccessDenied', status: 403 },
    operationName: (request) => formOf(request).get('Action'),

    readInput: (operation, request) => {
      const input = readQuery(NormalizedSchema.of(operation[4]), { form: formOf(request), dialect: 'plain' });
      return typeof input === 'object' && input !== null ? input : {};
    },

    writeOutput: (operation, output, requestId) => {
      const name = operation[2];
      const result = `<${name}Result>${innerXml(operation, output)}</${name}Result>`;
      const body = `<${name}Response xmlns="${xmlNamespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`;
      return { status: 200, headers: { ...XML_HEADER, 'x-amzn-requestid': requestId }, body };
    },

    writeError: (error, requestId) => {
      const type = error.status >= 500 ? 'Receiver' : 'Sender';
      const inner = `<Type>${type}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
      const body = `<ErrorResponse xmlns="${xmlNamespace}"><Error>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
      return { status: error.status, headers: { ...XML_HEADER, 'x-amzn-requestid': requestId }, body };
    },
  };
}
