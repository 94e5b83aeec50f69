import { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsClientOptions, commonConfig } from './clients.js';

/** A poll is answered after up to 20 seconds; one that hangs for longer is broken. */
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 3_000;

/** An SQS client of one identity, patient enough for long polls. */
export function createSqsClient(options: AwsClientOptions, region: string): SQSClient {
  const requestHandler = options.requestHandler ?? { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS };
  return new SQSClient({ ...commonConfig(options), requestHandler, region });
}
