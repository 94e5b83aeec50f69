import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { Range } from '../../../src/range/index.js';

/** Credentials as the SDK takes them. */
export type TestCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** Unmodified SDK clients for a range: over HTTP when it listens, in process otherwise. */
export function clientsFor(range: Range, credentials: TestCredentials): { iam: IAMClient; sts: STSClient; cloudtrail: CloudTrailClient } {
  const target =
    range.endpoint === '' ? { endpoint: 'http://range.invalid', requestHandler: range.requestHandler } : { endpoint: range.endpoint };
  const config = { region: 'us-east-1', maxAttempts: 1, credentials, ...target };
  return { iam: new IAMClient(config), sts: new STSClient(config), cloudtrail: new CloudTrailClient(config) };
}

/** The SDK's error name of a refused call, or 'no error'. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : 'not an error'),
  );
}
