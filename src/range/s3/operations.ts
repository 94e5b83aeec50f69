import type { Operations } from '../server/operation.js';
import { createBuckets } from './buckets.js';
import { createObjectDeletes } from './delete-objects.js';
import { createObjectLists } from './list-objects.js';
import { createBucketOperations, createLockOperations } from './lock-operations.js';
import { createPutObject } from './put-object.js';
import { createObjectReads } from './read-objects.js';

/** The S3 calls of an account whose given buckets exist, with Object Lock. */
export function createS3Operations(lockedBuckets: readonly string[], createdAt: number): Operations {
  const buckets = createBuckets();
  for (const name of lockedBuckets) buckets.add({ name, createdAt, objectLock: true });
  return {
    PutObject: createPutObject(buckets),
    ...createObjectReads(buckets),
    ...createObjectLists(buckets),
    ...createObjectDeletes(buckets),
    ...createBucketOperations(buckets),
    ...createLockOperations(buckets),
  };
}
