import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';

/** IAM is a global service with its control plane in us-east-1 (aws-domain 2.3). */
const IAM_REGION = 'us-east-1';
/** A hung connection must not hold a containment: the SDK has no request time-out of its own. */
const REQUEST_TIMEOUT_MS = 8_000;
const CONNECTION_TIMEOUT_MS = 3_000;

export interface AwsClientOptions {
  /** The range's address, or `undefined` for AWS itself. */
  readonly endpoint: string | undefined;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

export interface AwsClients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly cloudTrail: (region: string) => CloudTrailClient;
}

/**
 * SDK clients of one identity: the given credentials, else the SDK's default chain. Temporal repeats failed
 * activities with the failure on record, so the SDK itself tries only twice.
 */
export function createAwsClients({ endpoint, credentials }: AwsClientOptions): AwsClients {
  const common = {
    maxAttempts: 2,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  const trails = new Map<string, CloudTrailClient>();
  const cloudTrail = (region: string): CloudTrailClient => {
    const client = trails.get(region) ?? new CloudTrailClient({ ...common, region });
    trails.set(region, client);
    return client;
  };
  return { iam: new IAMClient({ ...common, region: IAM_REGION }), sts: new STSClient({ ...common, region: IAM_REGION }), cloudTrail };
}
