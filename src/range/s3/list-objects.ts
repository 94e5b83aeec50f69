import type { ListObjectsV2Output, ListObjectsV2Request, ListObjectVersionsOutput, ListObjectVersionsRequest } from '@aws-sdk/client-s3';
import { AwsError, required } from '../aws-error.js';
import { operation, type Operations } from '../server/operation.js';
import { arnOf, needs } from './access.js';
import { newestOf, type Bucket, type Buckets, type ObjectVersion } from './buckets.js';

/** Largest page of a listing (S3 API reference, MaxKeys). */
const LARGEST_PAGE = 1000;

/** The calls that list what a bucket holds. */
export function createObjectLists(buckets: Buckets): Operations {
  return {
    ListObjectsV2: operation<ListObjectsV2Request, ListObjectsV2Output>({
      kind: 'read',
      isDataEvent: true,
      access: ({ Bucket, Prefix }) => needs({ action: 's3:ListBucket', resource: arnOf(Bucket), context: { 's3:prefix': Prefix } }),
      run: (input) => listCurrent(buckets.get(required(input.Bucket, 'Bucket')), input),
    }),

    ListObjectVersions: operation<ListObjectVersionsRequest, ListObjectVersionsOutput>({
      kind: 'read',
      isDataEvent: true,
      access: ({ Bucket, Prefix }) => needs({ action: 's3:ListBucketVersions', resource: arnOf(Bucket), context: { 's3:prefix': Prefix } }),
      run: (input) => listVersions(buckets.get(required(input.Bucket, 'Bucket')), input),
    }),
  };
}

/** Current objects by key; what a delete marker hides is not among them. */
function listCurrent(bucket: Bucket, input: ListObjectsV2Request): ListObjectsV2Output {
  const { Prefix = '', MaxKeys = LARGEST_PAGE, ContinuationToken, StartAfter = '' } = input;
  if (input.Delimiter !== undefined) throw new AwsError('NotImplemented', 'The range lists without delimiters.', 501);
  const after = ContinuationToken === undefined ? StartAfter : Buffer.from(ContinuationToken, 'base64url').toString('utf8');
  const keys = [...new Set(bucket.versions.map(({ key }) => key))].filter((key) => key.startsWith(Prefix) && key > after);
  const current = keys
    .toSorted(compare)
    .flatMap((key) => newestOf(bucket, key) ?? [])
    .filter((version) => !version.isDeleteMarker);
  const page = current.slice(0, Math.min(MaxKeys, LARGEST_PAGE));
  const last = page.at(-1);
  const IsTruncated = page.length < current.length;
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys,
    KeyCount: page.length,
    IsTruncated,
    Contents: page.map(entryOf),
    ...(IsTruncated && last !== undefined ? { NextContinuationToken: Buffer.from(last.key).toString('base64url') } : {}),
  };
}

/** Versions and delete markers by key, newest first. */
function listVersions(bucket: Bucket, input: ListObjectVersionsRequest): ListObjectVersionsOutput {
  const { Prefix = '', MaxKeys = LARGEST_PAGE, KeyMarker = '', VersionIdMarker } = input;
  const sorted = bucket.versions
    .filter(({ key }) => key.startsWith(Prefix) && key >= KeyMarker)
    .map((version, age) => ({ version, age }))
    .toSorted((left, right) => compare(left.version.key, right.version.key) || right.age - left.age)
    .map(({ version }) => version);
  const marked = sorted.findIndex(({ key, versionId }) => key === KeyMarker && versionId === VersionIdMarker);
  // Without a version marker the page starts behind all versions of the key.
  const rest = VersionIdMarker === undefined ? sorted.filter(({ key }) => key !== KeyMarker) : sorted.slice(marked + 1);
  const page = rest.slice(0, Math.min(MaxKeys, LARGEST_PAGE));
  const last = page.at(-1);
  const IsTruncated = page.length < rest.length;
  const stamp = (version: ObjectVersion) => ({ VersionId: version.versionId, IsLatest: newestOf(bucket, version.key) === version });
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys,
    IsTruncated,
    Versions: page.filter((one) => !one.isDeleteMarker).map((version) => ({ ...entryOf(version), ...stamp(version) })),
    DeleteMarkers: page
      .filter((one) => one.isDeleteMarker)
      .map((marker) => ({ Key: marker.key, LastModified: new Date(marker.at), ...stamp(marker) })),
    ...(IsTruncated && last !== undefined ? { NextKeyMarker: last.key, NextVersionIdMarker: last.versionId } : {}),
  };
}

function entryOf({ key, at, etag, body }: ObjectVersion): {
  Key: string;
  LastModified: Date;
  ETag: string;
  Size: number;
  StorageClass: 'STANDARD';
} {
  return { Key: key, LastModified: new Date(at), ETag: etag, Size: body.byteLength, StorageClass: 'STANDARD' };
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
