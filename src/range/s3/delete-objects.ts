import type { DeleteObjectOutput, DeleteObjectRequest, DeleteObjectsOutput, DeleteObjectsRequest } from '@aws-sdk/client-s3';
import { AwsError, required } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type AlsoNeeded, type Operations } from '../server/operation.js';
import { mayAlso, needs, onObject } from './access.js';
import { addVersion, newestOf, removeVersion, type Bucket, type Buckets } from './buckets.js';
import { isLocked, protectedByLock } from './object-lock.js';

type Target = { readonly Bucket: string | undefined; readonly Key: string | undefined; readonly VersionId?: string | undefined };

/**
 * The calls that delete. Without a version id a lock does not help against hiding: a delete marker goes on top and the
 * locked version stays. With a version id the lock refuses, whoever asks; GOVERNANCE yields to header and permission.
 */
export function createObjectDeletes(buckets: Buckets): Operations {
  return {
    DeleteObject: operation<DeleteObjectRequest, DeleteObjectOutput>({
      kind: 'write',
      isDataEvent: true,
      access: (input) => needs(...permissions(input, input.BypassGovernanceRetention === true)),
      run: (input, call) =>
        remove(buckets.get(required(input.Bucket, 'Bucket')), input, { call, bypass: input.BypassGovernanceRetention === true }),
    }),

    // Permissions are judged per object, and the answer is 200 with a list of refusals.
    DeleteObjects: operation<DeleteObjectsRequest, DeleteObjectsOutput>({
      kind: 'write',
      isDataEvent: true,
      run: ({ Bucket, Delete, BypassGovernanceRetention }, call) => {
        const bucket = buckets.get(required(Bucket, 'Bucket'));
        const bypass = BypassGovernanceRetention === true;
        const answer: { Deleted: object[]; Errors: object[] } = { Deleted: [], Errors: [] };
        for (const { Key, VersionId } of Delete?.Objects ?? []) {
          try {
            const target = { Bucket, Key, VersionId };
            if (!permissions(target, bypass).every((one) => mayAlso(call, one))) throw new AwsError('AccessDenied', 'Access Denied', 403);
            answer.Deleted.push({ Key, VersionId, ...markerOf(remove(bucket, target, { call, bypass })) });
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            answer.Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
          }
        }
        return { ...answer, ...(Delete?.Quiet === true ? { Deleted: [] } : {}) };
      },
    }),
  };
}

function permissions(target: Target, bypass: boolean): AlsoNeeded[] {
  const action = target.VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion';
  return [onObject(action, target), ...(bypass ? [onObject('BypassGovernanceRetention', target)] : [])];
}

function remove(bucket: Bucket, { Key, VersionId }: Target, { call, bypass }: { call: Call; bypass: boolean }): DeleteObjectOutput {
  const key = required(Key, 'Key');
  if (VersionId === undefined) return bucket.objectLock ? hide(bucket, key, call) : deletedPlain(bucket, key);
  const version = bucket.versions.find((one) => one.key === key && one.versionId === VersionId);
  if (version === undefined) return { VersionId };
  if (isLocked(version, { at: call.at, bypass })) throw protectedByLock();
  removeVersion(bucket, version);
  return { VersionId, ...(version.isDeleteMarker ? { DeleteMarker: true } : {}) };
}

function deletedPlain(bucket: Bucket, key: string): DeleteObjectOutput {
  removeVersion(bucket, newestOf(bucket, key));
  return {};
}

function hide(bucket: Bucket, key: string, call: Call): DeleteObjectOutput {
  const versionId = call.random.uuid().replaceAll('-', '');
  const nothing = { body: new Uint8Array(), etag: '', checksumSha256: undefined, contentType: undefined, metadata: {} };
  addVersion(bucket, { key, versionId, at: call.at, isDeleteMarker: true, ...nothing, retention: undefined, legalHold: false });
  return { DeleteMarker: true, VersionId: versionId };
}

function markerOf({ DeleteMarker, VersionId }: DeleteObjectOutput): object {
  return DeleteMarker === true ? { DeleteMarker, DeleteMarkerVersionId: VersionId } : {};
}
