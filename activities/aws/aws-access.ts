import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Principal } from '../../src/contracts/principal.js';
import type { AccessScope, AwsRole } from '../../src/ports/aws-access.js';

/** SDK clients by account, role, incident and target: one session each, made and renewed behind this interface. */
export interface AwsAccess {
  iam(scope: AccessScope): IAMClient;
  sts(scope: AccessScope): STSClient;
  cloudTrail(scope: AccessScope, region: string): CloudTrailClient;
  ec2(scope: AccessScope, region: string): EC2Client;
  lambda(scope: AccessScope, region: string): LambdaClient;
  organizations(scope: AccessScope): OrganizationsClient;
  ssoAdmin(scope: AccessScope, region: string): SSOAdminClient;
  identityStore(scope: AccessScope, region: string): IdentitystoreClient;
  /** The worker's own identity and every role between it and the three, first to last. */
  callerChain(): readonly STSClient[];
  /** IAM with credentials that a call just gave, such as those of AssumeRoot. */
  iamWith(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string }): IAMClient;
}

/** The session that acts on one principal of an incident, and may act on no other. */
export function scopeOf(role: AwsRole, { principal, incidentId }: { principal: Principal; incidentId: string }): AccessScope {
  const { kind, name, arn } = principal;
  return { account: principal.account, role, incidentId, target: { kind, name, arn } };
}
