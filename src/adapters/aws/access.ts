import type { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import type { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import type { OrganizationConfig } from '../../contracts/organization.js';
import type { AccessScope, AwsRole } from '../../ports/aws-access.js';
import { type AwsClientOptions, type AwsCredentials, commonConfig, IAM_REGION } from './clients.js';
import { renewing } from './renew-expired.js';
import { createRoleSession, orchestratorRequest, scopeRequest } from './role-session.js';
import { createSdkClients, type SdkClients } from './sdk-clients.js';

/** A scope that nobody asked for in this time is let go of; whoever holds one of its clients still can use it. */
const IDLE_MS = 3_600_000;

/** SDK clients by scope: account, role, incident and target. */
export interface SdkAccess {
  iam(scope: AccessScope): IAMClient;
  sts(scope: AccessScope): STSClient;
  organizations(scope: AccessScope): OrganizationsClient;
  cloudTrail(scope: AccessScope, region: string): CloudTrailClient;
  ec2(scope: AccessScope, region: string): EC2Client;
  lambda(scope: AccessScope, region: string): LambdaClient;
  ssoAdmin(scope: AccessScope, region: string): SSOAdminClient;
  identityStore(scope: AccessScope, region: string): IdentitystoreClient;
  secrets(scope: AccessScope, region: string): SecretsManagerClient;
  logs(scope: AccessScope, region: string): CloudWatchLogsClient;
  accessAnalyzer(scope: AccessScope, region: string): AccessAnalyzerClient;
  guardDuty(scope: AccessScope, region: string): GuardDutyClient;
  /** The worker's own identity and every role between it and the three, first to last; none where it is one of the three itself. */
  callerChain(): readonly STSClient[];
  /** IAM with credentials that a call just gave, such as those of AssumeRoot. */
  iamWith(credentials: Required<AwsCredentials>): IAMClient;
}

/** One account without roles to open: each of the three roles is an identity of its own, whatever the rest of the scope says. */
export function createDirectAccess(identities: Readonly<Record<AwsRole, AwsClientOptions>>): SdkAccess {
  const { Reader, Responder, Restorer } = identities;
  const clients: Readonly<Record<AwsRole, SdkClients>> = {
    Reader: createSdkClients(Reader, 'Reader'),
    Responder: createSdkClients(Responder, 'Responder'),
    Restorer: createSdkClients(Restorer, 'Restorer'),
  };
  return accessBy(({ role }) => clients[role], { base: Responder, chain: [] });
}

/** What the roles of an organization are opened with. */
export interface SpokeAccessDeps {
  /** The worker's own credentials: those of the orchestrator, or of whoever may become it. */
  readonly base: AwsClientOptions;
  readonly organization: Pick<OrganizationConfig, 'externalId' | 'orchestratorRoleArn'>;
  readonly nowMs: () => number;
}

/**
 * The accounts of an organization: every scope is a session of `role/ir/<role>` in its account, with the incident as
 * SourceIdentity and a session policy that names the target alone (aws-domain 10). Sessions are opened by the first call and shared
 * by all who ask for the same scope. A refused AssumeRole is the failure of the call that needed it.
 */
export function createSpokeAccess({ base, organization, nowMs }: SpokeAccessDeps): SdkAccess {
  const { externalId, orchestratorRoleArn } = organization;
  const partition = orchestratorRoleArn?.split(':')[1] ?? 'aws';
  const own = new STSClient({ ...commonConfig(base), region: IAM_REGION });
  const hop = orchestratorRoleArn === undefined ? [] : [orchestratorSts(own, { base, roleArn: orchestratorRoleArn, nowMs })];
  const sts = hop[0] ?? own;
  const known = new Map<string, { readonly clients: SdkClients; usedAtMs: number }>();

  function clientsFor(scope: AccessScope): SdkClients {
    const usedAtMs = nowMs();
    for (const [key, entry] of known) if (entry.usedAtMs < usedAtMs - IDLE_MS) known.delete(key);
    const key = JSON.stringify([scope.account, scope.role, scope.incidentId, scope.target?.arn, scope.boundary]);
    const entry = known.get(key) ?? { clients: openClients(scope), usedAtMs };
    entry.usedAtMs = usedAtMs;
    known.set(key, entry);
    return entry.clients;
  }

  function openClients(scope: AccessScope): SdkClients {
    const session = createRoleSession({ sts, nowMs, request: () => scopeRequest(scope, { partition, externalId }) });
    return createSdkClients({ ...base, credentials: session.credentials }, scope.role, session);
  }

  return accessBy(clientsFor, { base, chain: [own, ...hop] });
}

/** STS as the orchestrator, at a regional endpoint like every client of ours. */
function orchestratorSts(
  own: STSClient,
  { base, roleArn, nowMs }: { base: AwsClientOptions; roleArn: string; nowMs: () => number },
): STSClient {
  const session = createRoleSession({ sts: own, nowMs, request: () => orchestratorRequest(roleArn) });
  return renewing(new STSClient({ ...commonConfig({ ...base, credentials: session.credentials }), region: IAM_REGION }), session);
}

function accessBy(
  clientsFor: (scope: AccessScope) => SdkClients,
  { base, chain }: { base: AwsClientOptions; chain: readonly STSClient[] },
): SdkAccess {
  return {
    iam: (scope) => clientsFor(scope).iam(),
    sts: (scope) => clientsFor(scope).sts(),
    organizations: (scope) => clientsFor(scope).organizations(),
    cloudTrail: (scope, region) => clientsFor(scope).cloudTrail(region),
    ec2: (scope, region) => clientsFor(scope).ec2(region),
    lambda: (scope, region) => clientsFor(scope).lambda(region),
    ssoAdmin: (scope, region) => clientsFor(scope).ssoAdmin(region),
    identityStore: (scope, region) => clientsFor(scope).identityStore(region),
    secrets: (scope, region) => clientsFor(scope).secrets(region),
    logs: (scope, region) => clientsFor(scope).logs(region),
    accessAnalyzer: (scope, region) => clientsFor(scope).accessAnalyzer(region),
    guardDuty: (scope, region) => clientsFor(scope).guardDuty(region),
    callerChain: () => chain,
    iamWith: (credentials) => new IAMClient({ ...commonConfig({ ...base, credentials }), region: IAM_REGION }),
  };
}
