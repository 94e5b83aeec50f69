import { AwsError } from '../aws-error.js';

/** How long and how strictly a version is kept. Nobody shortens COMPLIANCE; GOVERNANCE yields to a special permission. */
export type Retention = { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly until: number };

/** One version of an object, or the marker that hides the ones before it. */
export type ObjectVersion = {
  readonly key: string;
  /** `null` in buckets without versioning. */
  readonly versionId: string;
  readonly at: number;
  readonly isDeleteMarker: boolean;
  readonly body: Uint8Array;
  readonly etag: string;
  /** Base64, when the caller sent or asked for one. */
  readonly checksumSha256: string | undefined;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  retention: Retention | undefined;
  legalHold: boolean;
};

/** A bucket. Object Lock needs versioning, and here brings it; other buckets have none. */
export type Bucket = {
  readonly name: string;
  readonly createdAt: number;
  readonly objectLock: boolean;
  /** Oldest first. */
  readonly versions: ObjectVersion[];
};

/** The account's buckets. */
export interface Buckets {
  /** @throws AwsError BucketAlreadyOwnedByYou, 409 */
  add(bucket: Omit<Bucket, 'versions'>): Bucket;
  /** @throws AwsError NoSuchBucket, 404 */
  get(name: string): Bucket;
}

/** Makes the account's buckets. */
export function createBuckets(): Buckets {
  const buckets = new Map<string, Bucket>();
  return {
    add: (wanted) => {
      if (buckets.has(wanted.name))
        throw new AwsError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          409,
        );
      const bucket: Bucket = { ...wanted, versions: [] };
      buckets.set(bucket.name, bucket);
      return bucket;
    },
    get: (name) => {
      const bucket = buckets.get(name);
      if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
      return bucket;
    },
  };
}

/** The newest version or marker of a key. */
export function newestOf(bucket: Bucket, key: string): ObjectVersion | undefined {
  return bucket.versions.findLast((version) => version.key === key);
}

/** Adds a version; without versioning it takes the place of the one before. */
export function addVersion(bucket: Bucket, version: ObjectVersion): void {
  if (!bucket.objectLock) removeVersion(bucket, newestOf(bucket, version.key));
  bucket.versions.push(version);
}

/** Removes a version for good. */
export function removeVersion(bucket: Bucket, version: ObjectVersion | undefined): void {
  const index = version === undefined ? -1 : bucket.versions.indexOf(version);
  if (index >= 0) bucket.versions.splice(index, 1);
}
