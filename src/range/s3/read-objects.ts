import type { GetObjectOutput, GetObjectRequest, HeadObjectOutput } from '@aws-sdk/client-s3';
import { AwsError, required } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { arnOf, mayAlso, needs, onObject } from './access.js';
import { newestOf, type Bucket, type Buckets, type ObjectVersion } from './buckets.js';

type ObjectRequest = { readonly Bucket: string | undefined; readonly Key: string | undefined; readonly VersionId?: string | undefined };
/** The codec writes bytes where the SDK's type has a stream. */
type GetAnswer = Omit<GetObjectOutput, 'Body'> & { readonly Body: Uint8Array };

/** The calls that read objects. */
export function createObjectReads(buckets: Buckets): Operations {
  const asked = (input: ObjectRequest, call: Call): ObjectVersion => existing(buckets.get(required(input.Bucket, 'Bucket')), input, call);
  const readAccess = (input: ObjectRequest): ReturnType<typeof needs> =>
    needs(onObject(input.VersionId === undefined ? 'GetObject' : 'GetObjectVersion', input));

  return {
    GetObject: operation<GetObjectRequest, GetAnswer>({
      kind: 'read',
      isDataEvent: true,
      access: readAccess,
      run: (input, call) => {
        const version = asked(input, call);
        return { ...headersOf(version, { withChecksum: input.ChecksumMode === 'ENABLED' }), Body: version.body };
      },
    }),

    HeadObject: operation<GetObjectRequest, HeadObjectOutput>({
      kind: 'read',
      isDataEvent: true,
      access: readAccess,
      run: (input, call) => headersOf(asked(input, call), { withChecksum: input.ChecksumMode === 'ENABLED' }),
    }),
  };
}

/**
 * The version asked for, the current one when none is named.
 *
 * @throws AwsError NoSuchKey or NoSuchVersion, 404; AccessDenied, 403, instead of NoSuchKey for a caller who may not list the
 * bucket, so that nobody learns which keys exist; MethodNotAllowed, 405, for a delete marker
 */
export function existing(bucket: Bucket, { Key, VersionId }: ObjectRequest, call: Call): ObjectVersion {
  const key = required(Key, 'Key');
  if (VersionId !== undefined) {
    const version = bucket.versions.find((one) => one.key === key && one.versionId === VersionId);
    if (version === undefined) throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
    if (version.isDeleteMarker) throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
    return version;
  }
  const newest = newestOf(bucket, key);
  if (newest?.isDeleteMarker === false) return newest;
  if (!mayAlso(call, { action: 's3:ListBucket', resource: arnOf(bucket.name) })) throw new AwsError('AccessDenied', 'Access Denied', 403);
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
}

function headersOf(version: ObjectVersion, { withChecksum }: { withChecksum: boolean }): HeadObjectOutput {
  const { retention } = version;
  return {
    ContentLength: version.body.byteLength,
    ContentType: version.contentType,
    ETag: version.etag,
    LastModified: new Date(version.at),
    Metadata: { ...version.metadata },
    ...(version.versionId === 'null' ? {} : { VersionId: version.versionId }),
    ...(withChecksum ? { ChecksumSHA256: version.checksumSha256 } : {}),
    ...(retention === undefined ? {} : { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: new Date(retention.until) }),
    ...(version.legalHold ? { ObjectLockLegalHoldStatus: 'ON' } : {}),
  };
}
