import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest } from './messages.js';
import type { OperationSchema } from './operation-schema.js';
import { QUERY_TIMESTAMPS, type QueryForm } from './read-query.js';

/** The parameters of a query request: in the body of a POST, in the URL of a GET. */
export function formOf(request: WireRequest): QueryForm {
  const body = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  return new Map([...Object.entries(request.query), ...body]);
}

/** The members of an output without the element the serializer puts around them. */
export function innerXml(operation: OperationSchema, output: object): string {
  const schema = NormalizedSchema.of(operation[5]);
  if (!schema.isStructSchema()) return '';
  const serializer = new XmlShapeSerializer({ ...QUERY_TIMESTAMPS, xmlNamespace: '', serviceNamespace: operation[1] });
  serializer.write(schema, output);
  const xml = String(serializer.flush())
    .replace(/^<\?xml[^>]*>/, '')
    .trim();
  if (/^<[^>]*\/>$/.test(xml)) return '';
  return xml.replace(/^<[^>]+>/, '').replace(/<\/[^>]+>$/, '');
}

/** Text inside an element. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
