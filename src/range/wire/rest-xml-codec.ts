import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.js';
import type { Codec } from './codec.js';
import type { WireRequest, WireResponse } from './messages.js';
import { requiredParameters, type OperationSchema } from './operation-schema.js';
import { createRoutes, httpTrait, type RouteMatch } from './routes.js';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
/** Body timestamps are ISO 8601; in headers the HTTP date, unless the schema says otherwise. */
const FORMAT = { timestampFormat: { useTrait: true, default: 5 }, httpBindings: true } as const;
const fromText = new FromStringShapeDeserializer(FORMAT);
const toText = new ToStringShapeSerializer(FORMAT);

/** The REST XML style of S3, with the bucket in the path: `/bucket/key`. */
export function createRestXmlCodec(operations: ReadonlyMap<string, OperationSchema>): Codec {
  // Copies differ from plain puts in a header only, and AWS CLI and boto3 send no `x-id`.
  const copies = [...operations.values()].filter((operation) => requiredParameters(operation).includes('CopySource'));
  const findPlain = createRoutes([...operations.values()].filter((operation) => !copies.includes(operation)));
  const findCopy = createRoutes(copies);
  const route = (request: WireRequest): RouteMatch | undefined => {
    const find = request.headers['x-amz-copy-source'] === undefined ? findPlain : findCopy;
    return find({ ...request, path: placeOf(request).rest });
  };

  return {
    unknownOperationCode: 'NotImplemented',
    accessDenied: { code: 'AccessDenied', status: 403 },
    operationName: (request) => route(request)?.operation[2],

    readInput: (operation, request) => {
      checkBody(request);
      const { bucket } = placeOf(request);
      const labels = { ...route(request)?.labels, ...(bucket === '' ? {} : { Bucket: bucket }) };
      return readMembers(NormalizedSchema.of(operation[4]), { request, labels });
    },

    writeOutput: (operation, output, requestId) => {
      const schema = NormalizedSchema.of(operation[5]);
      const [, , status = 200] = httpTrait(operation);
      const answer = schema.isStructSchema() ? writeMembers(schema, output, operation[1]) : { headers: {}, body: '' };
      return { status, headers: { 'x-amz-request-id': requestId, ...answer.headers }, body: answer.body };
    },

    writeError: (error, requestId) => ({
      status: error.status,
      headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
      body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message><RequestId>${requestId}</RequestId></Error>`,
    }),
  };
}

/** `/bucket/a/b` → `bucket` and `/a/b`. */
function placeOf({ path }: WireRequest): { bucket: string; rest: string } {
  const [, bucket = '', rest = ''] = /^\/([^/]*)(\/.*)?$/s.exec(path) ?? [];
  return { bucket: decodeURIComponent(bucket), rest: rest === '' ? '/' : rest };
}

/** The signature covers a header with the body's hash, so the body is held against that. */
function checkBody({ headers, body }: WireRequest): void {
  const stated = headers['x-amz-content-sha256'] ?? '';
  if (stated.startsWith('STREAMING-')) throw new AwsError('NotImplemented', 'The range does not read chunked uploads.', 501);
  if (/^[0-9a-f]{64}$/.test(stated) && stated !== createHash('sha256').update(body).digest('hex'))
    throw new AwsError('XAmzContentSHA256Mismatch', 'The provided x-amz-content-sha256 header does not match what was computed.');
}

/** Reads each parameter from where its trait puts it: path, query, header or body. */
function readMembers(
  schema: NormalizedSchema,
  { request, labels }: { request: WireRequest; labels: Readonly<Record<string, string>> },
): object {
  if (!schema.isStructSchema()) return {};
  const members: [string, unknown][] = [];
  for (const [name, member] of schema.structIterator()) {
    const { httpQuery, httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits();
    const text = labels[name] ?? textAt(request, { httpQuery, httpHeader });
    if (text !== undefined) members.push([name, labels[name] ?? fromText.read(member, text)]);
    else if (httpPrefixHeaders !== undefined) members.push([name, prefixed(request, httpPrefixHeaders)]);
    else if ((httpPayload === 1 || member.isStreaming()) && (request.body.length > 0 || member.isBlobSchema()))
      members.push([name, readPayload(member, request.body)]);
  }
  return Object.fromEntries(members);
}

function textAt(
  { query, headers }: WireRequest,
  { httpQuery, httpHeader }: { httpQuery: string | undefined; httpHeader: string | undefined },
): string | undefined {
  if (httpQuery !== undefined) return query[httpQuery];
  return httpHeader === undefined ? undefined : headers[httpHeader.toLowerCase()];
}

function prefixed({ headers }: WireRequest, prefix: string): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix.toLowerCase()));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

function readPayload(member: NormalizedSchema, body: Uint8Array): unknown {
  if (member.isBlobSchema()) return body;
  try {
    const value: unknown = new XmlShapeDeserializer({ ...FORMAT, xmlNamespace: NAMESPACE, serviceNamespace: '' }).read(member, body);
    return value;
  } catch {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema.');
  }
}

/** Writes headers, and as body either the payload member or all members that have no place of their own. */
function writeMembers(schema: NormalizedSchema, output: object, serviceNamespace: string): Pick<WireResponse, 'headers' | 'body'> {
  const headers: Record<string, string> = {};
  const inBody: [string, unknown][] = [];
  let payload: { readonly member: NormalizedSchema; readonly value: unknown } | undefined;
  for (const [name, member] of schema.structIterator()) {
    const value: unknown = Reflect.get(output, name);
    const { httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits();
    if (value === undefined || value === null) continue;
    if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = asText(member, value);
    else if (httpPrefixHeaders !== undefined)
      for (const [key, text] of Object.entries(value)) headers[`${httpPrefixHeaders}${key}`] = String(text);
    else if (httpPayload === 1 || member.isStreaming()) payload = { member, value };
    else inBody.push([name, value]);
  }
  if (payload?.value instanceof Uint8Array) return { headers, body: payload.value };
  const element = payload ?? (inBody.length > 0 ? { member: schema, value: Object.fromEntries(inBody) } : undefined);
  if (element === undefined) return { headers, body: '' };
  const serializer = new XmlShapeSerializer({ ...FORMAT, xmlNamespace: NAMESPACE, serviceNamespace });
  serializer.write(element.member, element.value);
  return {
    headers: { 'content-type': 'application/xml', ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>${String(serializer.flush())}`,
  };
}

function asText(member: NormalizedSchema, value: unknown): string {
  toText.write(member, value);
  return toText.flush();
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
