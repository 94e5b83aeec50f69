import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { IAMClient, type IAMClientConfig } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';

/** IAM is a global service with its control plane in us-east-1 (aws-domain 2.3); so is Organizations. */
export const IAM_REGION = 'us-east-1';
/** A hung connection must not hold a containment: the SDK has no request time-out of its own. */
const REQUEST_TIMEOUT_MS = 8_000;
const CONNECTION_TIMEOUT_MS = 3_000;

/** Long-term or session credentials as the SDK takes them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Asked for credentials at every request. `memoized` keeps the SDK from holding on to an answer: the provider itself does. */
export type AwsCredentialProvider = (() => Promise<AwsCredentials>) & { memoized: boolean };

export interface AwsClientOptions {
  /** The range's address, or `undefined` for AWS itself. */
  readonly endpoint: string | undefined;
  readonly credentials?: AwsCredentials | AwsCredentialProvider;
  /** Named profile of the shared AWS configuration. */
  readonly profile?: string | undefined;
  /** How requests travel. @default HTTP(S) with our time limits */
  readonly requestHandler?: AwsRequestHandler | undefined;
}

/** What the SDK takes as a way for its requests. */
export type AwsRequestHandler = NonNullable<IAMClientConfig['requestHandler']>;

export interface AwsClients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly cloudTrail: (region: string) => CloudTrailClient;
}

/**
 * SDK clients of one identity: the given credentials, else the SDK's default chain. Temporal repeats failed
 * activities with the failure on record, so the SDK itself tries only twice.
 */
export function createAwsClients(options: AwsClientOptions): AwsClients {
  const common = commonConfig(options);
  return {
    iam: new IAMClient({ ...common, region: IAM_REGION }),
    sts: new STSClient({ ...common, region: IAM_REGION }),
    cloudTrail: byRegion((region) => new CloudTrailClient({ ...common, region })),
  };
}

/** An S3 client of one identity. The range answers under one name, so there buckets are in the path. */
export function createS3Client(options: AwsClientOptions, region: string): S3Client {
  return new S3Client({ ...commonConfig(options), region, forcePathStyle: options.endpoint !== undefined });
}

/** Settings of every SDK client. */
export interface CommonConfig {
  readonly maxAttempts: number;
  readonly requestHandler: AwsRequestHandler;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials | AwsCredentialProvider;
  readonly profile?: string;
}

/** What all clients have in common: time limits, few attempts, and whose they are. */
export function commonConfig({ endpoint, credentials, profile, requestHandler }: AwsClientOptions): CommonConfig {
  return {
    maxAttempts: 2,
    requestHandler: requestHandler ?? { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(profile === undefined || credentials !== undefined ? {} : { profile }),
  };
}

/** One client per region, made when it is first asked for. */
export function byRegion<T>(create: (region: string) => T): (region: string) => T {
  const clients = new Map<string, T>();
  return (region) => {
    const client = clients.get(region) ?? create(region);
    clients.set(region, client);
    return client;
  };
}
