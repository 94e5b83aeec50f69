import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STSClient, type Credentials } from '@aws-sdk/client-sts';
import type { CloudTrailRecord, Range } from '../../../src/range/index.js';

/** Credentials as the SDK takes them. */
export type TestCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** The clients of the services of the first scenarios. */
export type TestClients = { readonly iam: IAMClient; readonly sts: STSClient; readonly cloudtrail: CloudTrailClient };

/** Unmodified SDK clients for a range: over HTTP when it listens, in process otherwise. */
export function clientsFor(range: Range, credentials: TestCredentials): TestClients {
  const config = configFor(range, credentials);
  return { iam: new IAMClient(config), sts: new STSClient(config), cloudtrail: new CloudTrailClient(config) };
}

/** The clients of what looks beside IAM, in one region. */
export function observersFor(range: Range, credentials: TestCredentials, region = 'us-east-1') {
  const config = { ...configFor(range, credentials), region };
  return {
    ec2: new EC2Client(config),
    guardduty: new GuardDutyClient(config),
    analyzer: new AccessAnalyzerClient(config),
    logs: new CloudWatchLogsClient(config),
  };
}

/** The client of AWS Organizations. @throws Error when the scenario gave that caller no key */
export function organizationsFor(range: Range, credentials: TestCredentials | undefined): OrganizationsClient {
  if (credentials === undefined) throw new Error('nobody of that name has a key');
  return new OrganizationsClient(configFor(range, credentials));
}

function configFor(range: Range, credentials: TestCredentials) {
  const target =
    range.endpoint === '' ? { endpoint: 'http://range.invalid', requestHandler: range.requestHandler } : { endpoint: range.endpoint };
  return { region: 'us-east-1', maxAttempts: 1, credentials, ...target };
}

/** What STS handed out, as the SDK takes it. */
export function fromSts({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Partial<Credentials> = {}): TestCredentials {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** The newest record of a call. */
export function lastRecordOf(range: Range, eventName: string): CloudTrailRecord | undefined {
  return range.recorded().findLast((record) => record.eventName === eventName);
}

/** A policy of one statement over everything, or over one resource. */
export function policyText(Effect: 'Allow' | 'Deny', Action: string, extra: object = {}): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action, Resource: '*', ...extra }] });
}

/** A trust policy for one kind of principal. */
export function trustText(Principal: Readonly<Record<string, string>>): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] });
}

/** The SDK's error name of a refused call, or 'no error'. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : 'not an error'),
  );
}
