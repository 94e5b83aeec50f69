import type { Call } from '../server/call.js';
import { decide } from '../server/authorize.js';
import type { Access, AlsoNeeded } from '../server/operation.js';

/** S3's permissions are not named like its calls: HeadObject needs `s3:GetObject`, a version's delete `s3:DeleteObjectVersion`. */
export function needs(...permissions: readonly (AlsoNeeded | undefined)[]): Access {
  return { resources: [], also: permissions.filter((one) => one !== undefined) };
}

/** ARN of a bucket or of an object in it. */
export function arnOf(bucket: string | undefined, key?: string): string {
  return key === undefined ? `arn:aws:s3:::${bucket ?? ''}` : `arn:aws:s3:::${bucket ?? ''}/${key}`;
}

/** A permission on one object, with the condition keys of its version. */
export function onObject(
  action: string,
  { Bucket, Key = '', VersionId }: { Bucket?: string | undefined; Key?: string | undefined; VersionId?: string | undefined },
): AlsoNeeded {
  return { action: `s3:${action}`, resource: arnOf(Bucket, Key), context: { 's3:VersionId': VersionId } };
}

/** Whether the caller also has a permission that only changes what the answer tells. */
export function mayAlso(call: Call, { action, resource, context = {} }: AlsoNeeded): boolean {
  const { at, sourceIp, region, caller: credential } = call;
  return decide(call.account, { credential, action, resource, at, sourceIp, region, own: context }).decision === 'allowed';
}
