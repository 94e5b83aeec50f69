import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectLockMode,
  type ObjectVersion,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { permanent } from '../../contracts/failures.js';
import type { EvidenceRef } from '../../contracts/primitives.js';
import { sha256Hex } from '../../domain/evidence/paths.js';
import type { EvidenceStore } from '../../ports/evidence-store.js';
import { classifyAwsError } from '../aws/classify-aws-error.js';
import { assertPlainPath } from '../records/safe-path.js';

export interface S3EvidenceOptions {
  /** Collects: `s3:PutObject` and `s3:PutObjectRetention` on the bucket's objects, nothing else. */
  readonly writer: S3Client;
  /** Reads: `s3:GetObject`, `s3:GetObjectVersion`, `s3:ListBucket`, `s3:ListBucketVersions`. */
  readonly reader: S3Client;
  /** A bucket with Object Lock, best in an account of its own. */
  readonly bucket: string;
  /** Put before every path; '' or ending in `/`. */
  readonly prefix: string;
  readonly mode: ObjectLockMode;
  readonly retentionDays: number;
  readonly nowMs: () => number;
}

const DAY_MS = 24 * 3_600_000;
/** S3's answer to `If-None-Match: *` where something is (S3 user guide, "Conditional writes"). */
const TAKEN = 412;

/**
 * Evidence in S3 under Object Lock. A path is written once (`If-None-Match: *`) with SHA-256 and a retention that even its
 * writer cannot take back; the same bytes again leave the first version alone. An object that somebody hid behind a delete
 * marker or another version is found again among the versions. `store` in a reference is `s3://bucket/prefix`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, ConflictInFlight, transient.
 */
export function createS3EvidenceStore(options: S3EvidenceOptions): EvidenceStore {
  const { reader, bucket: Bucket, prefix } = options;
  const store = `s3://${Bucket}/${prefix}`;
  const keyOf = (path: string): string => `${prefix}${assertPlainPath(path)}`;

  async function readVersion(Key: string, VersionId?: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await reader.send(new GetObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }));
      return await Body?.transformToByteArray();
    } catch (error) {
      // A delete marker on top of locked versions answers as if nothing was there.
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** The bytes wanted, or whether there is anything else at that path. */
  async function find(Key: string, wanted: Pick<EvidenceRef, 'sha256' | 'bytes'>): Promise<Uint8Array | 'other' | 'nothing'> {
    const fits = (bytes: Uint8Array | undefined): bytes is Uint8Array =>
      bytes !== undefined && bytes.byteLength === wanted.bytes && sha256Hex(bytes) === wanted.sha256;
    const current = await readVersion(Key);
    if (fits(current)) return current;
    let isThere = false;
    for await (const { VersionId, Size } of versionsOf(options, Key)) {
      isThere = true;
      const bytes = Size === wanted.bytes && VersionId !== undefined ? await readVersion(Key, VersionId) : undefined;
      if (fits(bytes)) return bytes;
    }
    return isThere ? 'other' : 'nothing';
  }

  return {
    put: (path, bytes) =>
      classified(async () => {
        const Key = keyOf(path);
        const ref = { store, path, sha256: sha256Hex(bytes), bytes: bytes.byteLength };
        const wrote = await writeOnce(options, { Key, bytes });
        if (!wrote && !((await find(Key, ref)) instanceof Uint8Array))
          throw permanent('PreconditionFailed', `evidence ${path} exists with other content`);
        return ref;
      }),
    get: (ref) =>
      classified(async () => {
        const found = await find(keyOf(ref.path), ref);
        if (found === 'nothing') throw permanent('TargetNotFound', `evidence ${ref.path} is not in the store`);
        if (found === 'other') throw permanent('PreconditionFailed', `evidence ${ref.path} is not what was stored`);
        return found;
      }),
  };
}

/** All versions of one key, newest first; keys that only begin like it are passed over. */
async function* versionsOf({ reader, bucket }: S3EvidenceOptions, key: string): AsyncGenerator<ObjectVersion> {
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await reader.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...marker }),
    );
    yield* (page.Versions ?? []).filter((version) => version.Key === key);
    marker = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
}

/** Whether the object was written; not when the path is taken. */
async function writeOnce(options: S3EvidenceOptions, { Key, bytes }: { Key: string; bytes: Uint8Array }): Promise<boolean> {
  const { writer, bucket: Bucket, mode, retentionDays, nowMs } = options;
  const command = new PutObjectCommand({
    Bucket,
    Key,
    Body: bytes,
    ContentType: Key.endsWith('.csv') ? 'text/csv' : 'application/json',
    IfNoneMatch: '*',
    ChecksumAlgorithm: 'SHA256',
    ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
    ObjectLockMode: mode,
    ObjectLockRetainUntilDate: new Date(nowMs() + retentionDays * DAY_MS),
  });
  try {
    await writer.send(command);
    return true;
  } catch (error) {
    if (statusOf(error) === TAKEN) return false;
    throw error;
  }
}

async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw classifyAwsError(error);
  }
}

function statusOf(error: unknown): unknown {
  if (!(error instanceof Error && '$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
}
