import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import type { Codec } from '../wire/codec.js';
import { createJsonCodec } from '../wire/json-codec.js';
import { errorsOf, operationsOf, type ErrorShape, type OperationSchema } from '../wire/operation-schema.js';
import type { WireRequest } from '../wire/messages.js';
import { createQueryCodec } from '../wire/query-codec.js';
import { readSignatureClaim } from '../wire/signature.js';

/** One AWS service as it looks on the wire, whether the range performs its calls or not. */
export type WireService = {
  /** The name in the SigV4 scope and before the colon of an action. */
  readonly name: string;
  readonly codec: Codec;
  readonly schemas: ReadonlyMap<string, OperationSchema>;
  readonly errors: ReadonlyMap<string, ErrorShape>;
  /** Set for services whose events are all in one region. */
  readonly onlyRegion?: string;
};

const QUERY = createQueryCodec('https://sts.amazonaws.com/doc/2011-06-15/');
const JSON_1_1 = createJsonCodec();

const SERVICES: readonly WireService[] = [
  {
    name: 'iam',
    codec: createQueryCodec('https://iam.amazonaws.com/doc/2010-05-08/'),
    schemas: operationsOf(iam),
    errors: errorsOf(iam),
    onlyRegion: 'us-east-1',
  },
  { name: 'sts', codec: QUERY, schemas: operationsOf(sts), errors: errorsOf(sts) },
  { name: 'cloudtrail', codec: JSON_1_1, schemas: operationsOf(cloudtrail), errors: errorsOf(cloudtrail) },
];

/** The service a request was signed for. */
export function serviceNamed(name: string): WireService | undefined {
  return SERVICES.find((service) => service.name === name);
}

/** The wire style to answer in, also when a request names no service that the range plays. */
export function codecFor(request: WireRequest): Codec {
  const claimed = serviceNamed(readSignatureClaim(request)?.service ?? '');
  return claimed?.codec ?? (request.headers['x-amz-target'] === undefined ? QUERY : JSON_1_1);
}
