import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsRole } from '../../ports/aws-access.js';
import { type AwsClientOptions, byRegion, commonConfig, IAM_REGION } from './clients.js';
import { type Expiring, renewing } from './renew-expired.js';

/** Every SDK client of one identity, each made when it is first asked for. */
export interface SdkClients {
  readonly iam: () => IAMClient;
  readonly sts: () => STSClient;
  readonly organizations: () => OrganizationsClient;
  readonly cloudTrail: (region: string) => CloudTrailClient;
  readonly ec2: (region: string) => EC2Client;
  readonly lambda: (region: string) => LambdaClient;
  readonly ssoAdmin: (region: string) => SSOAdminClient;
  readonly identityStore: (region: string) => IdentitystoreClient;
  readonly secrets: (region: string) => SecretsManagerClient;
  readonly logs: (region: string) => CloudWatchLogsClient;
  readonly accessAnalyzer: (region: string) => AccessAnalyzerClient;
  readonly guardDuty: (region: string) => GuardDutyClient;
}

/**
 * The SDK clients of one identity in one role. The Restorer's IAM calls are tried once: CreateAccessKey is not idempotent, and a
 * repeat by the SDK of one whose answer was lost would leave a key that nobody has the secret of.
 *
 * @param session what hears that AWS calls the credentials expired; the call is then made once more, with new ones.
 */
export function createSdkClients(options: AwsClientOptions, role: AwsRole, session?: Expiring): SdkClients {
  const common = commonConfig(options);
  const home = { ...common, region: IAM_REGION };
  const iam = role === 'Restorer' ? { ...home, maxAttempts: 1 } : home;
  return {
    iam: once(() => renewing(new IAMClient(iam), session)),
    sts: once(() => renewing(new STSClient(home), session)),
    organizations: once(() => renewing(new OrganizationsClient(home), session)),
    cloudTrail: byRegion((region) => renewing(new CloudTrailClient({ ...common, region }), session)),
    ec2: byRegion((region) => renewing(new EC2Client({ ...common, region }), session)),
    lambda: byRegion((region) => renewing(new LambdaClient({ ...common, region }), session)),
    ssoAdmin: byRegion((region) => renewing(new SSOAdminClient({ ...common, region }), session)),
    identityStore: byRegion((region) => renewing(new IdentitystoreClient({ ...common, region }), session)),
    secrets: byRegion((region) => renewing(new SecretsManagerClient({ ...common, region }), session)),
    logs: byRegion((region) => renewing(new CloudWatchLogsClient({ ...common, region }), session)),
    accessAnalyzer: byRegion((region) => renewing(new AccessAnalyzerClient({ ...common, region }), session)),
    guardDuty: byRegion((region) => renewing(new GuardDutyClient({ ...common, region }), session)),
  };
}

function once<T>(create: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= create());
}
