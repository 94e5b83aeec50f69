import type { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { GuardDutyClient } from '@aws-sdk/client-guardduty';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AccessScope } from '../../ports/aws-access.js';
import type { SdkAccess } from './access.js';

/** Read-only clients of one session. */
export interface EvidenceClients {
  readonly iam: IAMClient;
  readonly cloudTrail: (region: string) => CloudTrailClient;
  readonly logs: (region: string) => CloudWatchLogsClient;
  readonly ec2: (region: string) => EC2Client;
  readonly accessAnalyzer: (region: string) => AccessAnalyzerClient;
  readonly guardDuty: (region: string) => GuardDutyClient;
}

/** Clients of one session of the Restorer. */
export interface RestorerClients {
  readonly iam: IAMClient;
  readonly ec2: (region: string) => EC2Client;
  readonly secrets: SecretsManagerClient;
}

/** What evidence is read with, in one session. */
export function evidenceClients(access: SdkAccess, scope: AccessScope): EvidenceClients {
  return {
    iam: access.iam(scope),
    cloudTrail: (region: string) => access.cloudTrail(scope, region),
    logs: (region: string) => access.logs(scope, region),
    ec2: (region: string) => access.ec2(scope, region),
    accessAnalyzer: (region: string) => access.accessAnalyzer(scope, region),
    guardDuty: (region: string) => access.guardDuty(scope, region),
  };
}

/** What removes and issues, in one session; the secrets are in the region given. */
export function restorerClients(access: SdkAccess, scope: AccessScope, region: string): RestorerClients {
  return { iam: access.iam(scope), ec2: (of: string) => access.ec2(scope, of), secrets: access.secrets(scope, region) };
}
