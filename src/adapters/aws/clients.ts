import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
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
  /** Named profile of the shared AWS configuration. */
  readonly profile?: string | undefined;
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
export function createAwsClients(options: AwsClientOptions): AwsClients {
  const common = commonConfig(options);
  return {
    iam: new IAMClient({ ...common, region: IAM_REGION }),
    sts: new STSClient({ ...common, region: IAM_REGION }),
    cloudTrail: byRegion((region) => new CloudTrailClient({ ...common, region })),
  };
}

/** Read-only clients for the collection of evidence, beside those of every identity. */
export interface EvidenceAwsClients extends AwsClients {
  readonly logs: (region: string) => CloudWatchLogsClient;
  readonly ec2: (region: string) => EC2Client;
  readonly accessAnalyzer: (region: string) => AccessAnalyzerClient;
  readonly guardDuty: (region: string) => GuardDutyClient;
}

/** SDK clients that evidence is read with, of one identity, as `createAwsClients`. */
export function createEvidenceClients(options: AwsClientOptions): EvidenceAwsClients {
  const common = commonConfig(options);
  return {
    ...createAwsClients(options),
    logs: byRegion((region) => new CloudWatchLogsClient({ ...common, region })),
    ec2: byRegion((region) => new EC2Client({ ...common, region })),
    accessAnalyzer: byRegion((region) => new AccessAnalyzerClient({ ...common, region })),
    guardDuty: byRegion((region) => new GuardDutyClient({ ...common, region })),
  };
}

/** What removing and issuing need, beside IAM and STS. */
export interface RestorerAwsClients extends AwsClients {
  readonly ec2: (region: string) => EC2Client;
  readonly secrets: (region: string) => SecretsManagerClient;
}

/**
 * SDK clients of the restorer's identity, as `createAwsClients`. IAM calls are tried once: CreateAccessKey is not idempotent,
 * and a repeat by the SDK of one whose answer was lost would leave a key that nobody has the secret of.
 */
export function createRestorerClients(options: AwsClientOptions): RestorerAwsClients {
  const common = commonConfig(options);
  return {
    ...createAwsClients(options),
    iam: new IAMClient({ ...common, region: IAM_REGION, maxAttempts: 1 }),
    ec2: byRegion((region) => new EC2Client({ ...common, region })),
    secrets: byRegion((region) => new SecretsManagerClient({ ...common, region })),
  };
}

/** An S3 client of one identity. The range answers under one name, so there buckets are in the path. */
export function createS3Client(options: AwsClientOptions, region: string): S3Client {
  return new S3Client({ ...commonConfig(options), region, forcePathStyle: options.endpoint !== undefined });
}

/** What all clients have in common. */
function commonConfig({ endpoint, credentials, profile }: AwsClientOptions) {
  return {
    maxAttempts: 2,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: CONNECTION_TIMEOUT_MS },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(profile === undefined || credentials !== undefined ? {} : { profile }),
  };
}

/** One client per region, made when it is first asked for. */
function byRegion<T>(create: (region: string) => T): (region: string) => T {
  const clients = new Map<string, T>();
  return (region) => {
    const client = clients.get(region) ?? create(region);
    clients.set(region, client);
    return client;
  };
}
