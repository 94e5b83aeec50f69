import { AwsError } from '../aws-error.js';
import type { Bucket, ObjectVersion, Retention } from './buckets.js';

/** The answer to whatever Object Lock forbids (S3 user guide, "Locking objects with Object Lock"). */
export function protectedByLock(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403);
}

/** Whether a version may not be removed now. `bypass`: the caller asked for it and may. */
export function isLocked({ retention, legalHold }: ObjectVersion, { at, bypass }: { at: number; bypass: boolean }): boolean {
  if (legalHold) return true;
  if (retention === undefined || retention.until <= at) return false;
  return retention.mode === 'COMPLIANCE' || !bypass;
}

/**
 * The retention that a request states, checked.
 *
 * @throws AwsError InvalidRequest for half a retention or a bucket without Object Lock, InvalidArgument for a past date
 */
export function retentionOf(
  bucket: Bucket,
  { mode, until, at }: { mode: string | undefined; until: Date | undefined; at: number },
): Retention | undefined {
  if (mode === undefined && until === undefined) return undefined;
  if (!bucket.objectLock) throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  if (until === undefined || (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE'))
    throw new AwsError('InvalidArgument', 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  if (until.getTime() <= at) throw new AwsError('InvalidArgument', 'The retain until date must be in the future!');
  return { mode, until: until.getTime() };
}

/**
 * Puts another retention on a version. Longer is always allowed; shorter or of another mode only for GOVERNANCE with bypass.
 *
 * @throws AwsError AccessDenied, 403
 */
export function changeRetention(
  version: ObjectVersion,
  wanted: Retention | undefined,
  { at, bypass }: { at: number; bypass: boolean },
): void {
  const { retention: held } = version;
  const isHeld = held !== undefined && held.until > at;
  const isWeaker = wanted === undefined || wanted.mode !== held?.mode || wanted.until < held.until;
  if (isHeld && isWeaker && (held.mode === 'COMPLIANCE' || !bypass)) throw protectedByLock();
  version.retention = wanted;
}
