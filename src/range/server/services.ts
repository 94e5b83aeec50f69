import * as accessAnalyzer from '@aws-sdk/client-accessanalyzer';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as guardduty from '@aws-sdk/client-guardduty';
import * as iam from '@aws-sdk/client-iam';
import * as identityStore from '@aws-sdk/client-identitystore';
import * as lambda from '@aws-sdk/client-lambda';
import * as organizations from '@aws-sdk/client-organizations';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssoAdmin from '@aws-sdk/client-sso-admin';
import * as sts from '@aws-sdk/client-sts';
import type { Codec } from '../wire/codec.js';
import { createEc2QueryCodec } from '../wire/ec2-query-codec.js';
import { createJsonCodec } from '../wire/json-codec.js';
import { errorsOf, operationsOf, type ErrorShape, type OperationSchema } from '../wire/operation-schema.js';
import type { WireRequest } from '../wire/messages.js';
import { createQueryCodec } from '../wire/query-codec.js';
import { createRestJsonCodec } from '../wire/rest-json-codec.js';
import { createRestXmlCodec } from '../wire/rest-xml-codec.js';
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
  /** The event source's first part, where it is not the service's name. */
  readonly eventSource?: string;
  /** What CloudTrail puts before this service's error codes. */
  readonly errorPrefix?: string;
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
  { name: 'ec2', codec: createEc2QueryCodec(), schemas: operationsOf(ec2), errors: errorsOf(ec2), errorPrefix: 'Client.' },
  {
    name: 'guardduty',
    codec: createRestJsonCodec(operationsOf(guardduty).values()),
    schemas: operationsOf(guardduty),
    errors: errorsOf(guardduty),
  },
  {
    name: 'access-analyzer',
    codec: createRestJsonCodec(operationsOf(accessAnalyzer).values()),
    schemas: operationsOf(accessAnalyzer),
    errors: errorsOf(accessAnalyzer),
  },
  {
    name: 'organizations',
    codec: JSON_1_1,
    schemas: operationsOf(organizations),
    errors: errorsOf(organizations),
    onlyRegion: 'us-east-1',
  },
  { name: 'lambda', codec: createRestJsonCodec(operationsOf(lambda).values()), schemas: operationsOf(lambda), errors: errorsOf(lambda) },
  { name: 'sso', codec: JSON_1_1, schemas: operationsOf(ssoAdmin), errors: errorsOf(ssoAdmin) },
  { name: 'identitystore', codec: JSON_1_1, schemas: operationsOf(identityStore), errors: errorsOf(identityStore) },
  { name: 'logs', codec: JSON_1_1, schemas: operationsOf(logs), errors: errorsOf(logs) },
  { name: 'secretsmanager', codec: JSON_1_1, schemas: operationsOf(secretsManager), errors: errorsOf(secretsManager) },
  { name: 'sqs', codec: createJsonCodec('1.0'), schemas: operationsOf(sqs), errors: errorsOf(sqs) },
  { name: 's3', codec: createRestXmlCodec(operationsOf(s3)), schemas: operationsOf(s3), errors: errorsOf(s3) },
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
