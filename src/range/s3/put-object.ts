import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { AwsError, required } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Operation } from '../server/operation.js';
import { needs, onObject } from './access.js';
import { addVersion, newestOf, type Bucket, type Buckets } from './buckets.js';
import { retentionOf } from './object-lock.js';

/** What the codec hands over: the body is there as bytes. */
type PutRequest = Omit<PutObjectRequest, 'Body'> & { readonly Body?: Uint8Array | undefined };

const DAY_MS = 24 * 3_600_000;
const VERSION_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';
/** Checksums that the range takes on trust; SHA-256 and MD5 it checks. */
const OTHER_CHECKSUMS = ['ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA1'] as const;

/** PutObject: versions, write-once by `If-None-Match: *`, checksums, retention and legal hold. */
export function createPutObject(buckets: Buckets): Operation {
  return operation<PutRequest, PutObjectOutput>({
    kind: 'write',
    isDataEvent: true,
    access: accessOf,
    run: (input, call) => {
      const bucket = buckets.get(required(input.Bucket, 'Bucket'));
      const key = required(input.Key, 'Key');
      const body = input.Body ?? new Uint8Array();
      checkPreconditions(bucket, key, input);
      const etag = checkedEtag(body, input);
      const retention = retentionOf(bucket, { mode: input.ObjectLockMode, until: input.ObjectLockRetainUntilDate, at: call.at });
      if ((retention !== undefined || input.ObjectLockLegalHoldStatus !== undefined) && !hasChecksum(input))
        throw new AwsError(
          'InvalidRequest',
          'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
        );
      const version = {
        key,
        versionId: bucket.objectLock ? call.random.text(VERSION_ALPHABET, 32) : 'null',
        at: call.at,
        isDeleteMarker: false,
        body,
        etag,
        checksumSha256: input.ChecksumSHA256,
        contentType: input.ContentType,
        metadata: input.Metadata ?? {},
        retention,
        legalHold: input.ObjectLockLegalHoldStatus === 'ON',
      };
      addVersion(bucket, version);
      return { ETag: etag, ChecksumSHA256: input.ChecksumSHA256, VersionId: bucket.objectLock ? version.versionId : undefined };
    },
  });
}

/** Locking needs its own permissions beside `s3:PutObject` (Service Authorization Reference, Amazon S3). */
function accessOf(input: PutRequest, call: Call): ReturnType<typeof needs> {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input;
  const days = until === undefined ? undefined : String(Math.ceil((until.getTime() - call.at) / DAY_MS));
  const context = {
    's3:if-none-match': input.IfNoneMatch,
    's3:object-lock-mode': mode,
    's3:object-lock-remaining-retention-days': days,
    's3:object-lock-legal-hold': hold,
  };
  return needs(
    { ...onObject('PutObject', input), context },
    mode === undefined && until === undefined ? undefined : { ...onObject('PutObjectRetention', input), context },
    hold === undefined ? undefined : { ...onObject('PutObjectLegalHold', input), context },
  );
}

function checkPreconditions(bucket: Bucket, key: string, { IfNoneMatch, IfMatch }: PutRequest): void {
  const newest = newestOf(bucket, key);
  const current = newest?.isDeleteMarker === false ? newest : undefined;
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501);
  if (IfMatch !== undefined && current === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if ((IfNoneMatch === '*' && current !== undefined) || (IfMatch !== undefined && IfMatch !== current?.etag))
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
}

/** The ETag of a plain upload is its MD5. */
function checkedEtag(body: Uint8Array, { ContentMD5, ChecksumSHA256 }: PutRequest): string {
  const md5 = createHash('md5').update(body);
  const hex = md5.copy().digest('hex');
  if (ContentMD5 !== undefined && ContentMD5 !== md5.digest('base64'))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  if (ChecksumSHA256 !== undefined && ChecksumSHA256 !== createHash('sha256').update(body).digest('base64'))
    throw new AwsError('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  return `"${hex}"`;
}

function hasChecksum(input: PutRequest): boolean {
  return input.ContentMD5 !== undefined || input.ChecksumSHA256 !== undefined || OTHER_CHECKSUMS.some((name) => input[name] !== undefined);
}
