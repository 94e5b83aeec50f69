import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileEvidenceStore } from '../../src/adapters/evidence/file.js';
import { createS3EvidenceStore } from '../../src/adapters/evidence/s3.js';
import { EvidenceRef } from '../../src/contracts/primitives.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import type { Range } from '../../src/range/index.js';
import { aBucketRig, BUCKET, type BucketRig } from '../fixtures/evidence-bucket.js';
import { aRange } from '../fixtures/range.js';

let range: Range;
let bucket: BucketRig;
let folder = '';
beforeAll(async () => {
  [range, folder] = await Promise.all([aRange(), mkdtemp(join(tmpdir(), 'tourniquet-stores-'))]);
  bucket = await aBucketRig(range);
});
afterAll(async () => {
  await range.stop();
  await rm(folder, { recursive: true });
});

/** A store, and a way to put other bytes in the place of stored ones. */
interface Subject {
  readonly store: EvidenceStore;
  readonly tamper: (path: string, text: string) => Promise<unknown>;
}

const SUBJECTS: Readonly<Record<string, () => Subject>> = {
  'in a folder': () => ({
    store: createFileEvidenceStore(folder),
    tamper: async (path, text) => {
      await chmod(join(folder, path), 0o640);
      await writeFile(join(folder, path), text);
    },
  }),
  'in S3 with Object Lock': () => ({
    store: bucket.store,
    tamper: (path, text) => bucket.admin.send(new PutObjectCommand({ Bucket: BUCKET, Key: `evidence/${path}`, Body: text })),
  }),
};

let paths = 0;
const aPath = (): string => `INC-1/c01/iamState/details-${(paths += 1)}.json`;

describe.each(Object.keys(SUBJECTS))('an evidence store %s', (name) => {
  const subject = (): Subject => {
    const make = SUBJECTS[name];
    if (make === undefined) throw new Error(name);
    return make();
  };

  it.each([
    ['text', Buffer.from('{"ü":1}')],
    ['nothing', Buffer.alloc(0)],
    ['any bytes', Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))],
  ])('gives back %s as it was put', async (_what, bytes) => {
    const { store } = subject();
    const path = aPath();

    const ref = await store.put(path, bytes);

    expect(EvidenceRef.parse(ref)).toEqual({ ...ref, path, bytes: bytes.length });
    expect(Buffer.from(await store.get(ref)).equals(bytes)).toBe(true);
  });

  it('takes the same bytes twice and refuses other ones', async () => {
    const { store } = subject();
    const path = aPath();
    const ref = await store.put(path, Buffer.from('{}'));

    expect(await store.put(path, Buffer.from('{}'))).toEqual(ref);
    await expect(store.put(path, Buffer.from('[]'))).rejects.toMatchObject({ type: 'PreconditionFailed', nonRetryable: true });
    expect(Buffer.from(await store.get(ref)).toString()).toBe('{}');
  });

  it('lets one of 8 writers at once win', async () => {
    const { store } = subject();
    const path = aPath();

    const results = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => store.put(path, Buffer.from(`writer ${index}`))));

    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    for (const ref of won) expect(Buffer.from(await store.get(ref)).toString()).toMatch(/^writer \d$/);
  });

  it('notices what is not there and what is not what the reference says', async () => {
    const { store } = subject();
    const ref = await store.put(aPath(), Buffer.from('{}'));

    await expect(store.get({ ...ref, path: aPath() })).rejects.toMatchObject({ type: 'TargetNotFound', nonRetryable: true });
    await expect(store.get({ ...ref, sha256: '0'.repeat(64) })).rejects.toMatchObject({ type: 'PreconditionFailed' });
    await expect(store.get({ ...ref, bytes: 3 })).rejects.toMatchObject({ type: 'PreconditionFailed' });
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', 'a//b', '', 'a\u0000b', 'a/./b', 'a\\..\\b'])('refuses the path %j', async (path) => {
    const { store } = subject();
    const ref = await store.put(aPath(), Buffer.from('{}'));

    await expect(store.put(path, Buffer.from('x'))).rejects.toMatchObject({ type: 'InvalidPayload' });
    await expect(store.get({ ...ref, path })).rejects.toMatchObject({ type: 'InvalidPayload' });
  });
});

describe('evidence in a folder', () => {
  it('says so when stored bytes were changed', async () => {
    const { store, tamper } = SUBJECTS['in a folder']?.() ?? expect.fail();
    const ref = await store.put(aPath(), Buffer.from('{}'));
    await tamper(ref.path, '[]');

    await expect(store.get(ref)).rejects.toMatchObject({ type: 'PreconditionFailed' });
    expect(await readFile(join(folder, ref.path), 'utf8')).toBe('[]');
  });
});

describe('evidence in S3', () => {
  const versionsOf = async (path: string) => {
    const { Versions = [] } = await bucket.admin.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: `evidence/${path}` }));
    return Versions;
  };

  it('is locked for 365 days, and the second put of the same bytes makes no second version', async () => {
    const path = aPath();
    await bucket.store.put(path, Buffer.from('{}'));
    await bucket.store.put(path, Buffer.from('{}'));

    const versions = await versionsOf(path);
    const { Retention } = await bucket.reader.send(new GetObjectRetentionCommand({ Bucket: BUCKET, Key: `evidence/${path}` }));

    expect(versions).toHaveLength(1);
    expect(Retention?.Mode).toBe('COMPLIANCE');
    expect(Math.round(((Retention?.RetainUntilDate?.getTime() ?? 0) - Date.now()) / (24 * 3_600_000))).toBe(365);
  });

  it('cannot be deleted by the account’s administrator, nor read or deleted by who collected it', async () => {
    const path = aPath();
    const ref = await bucket.store.put(path, Buffer.from('{}'));
    const [version] = await versionsOf(path);
    const object = { Bucket: BUCKET, Key: `evidence/${path}`, VersionId: version?.VersionId, BypassGovernanceRetention: true };

    const refused = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
    await expect(bucket.admin.send(new DeleteObjectCommand(object))).rejects.toMatchObject(refused);
    await expect(bucket.collector.send(new DeleteObjectCommand(object))).rejects.toMatchObject(refused);
    await expect(bucket.collector.send(new GetObjectCommand({ Bucket: BUCKET, Key: object.Key }))).rejects.toMatchObject(refused);

    expect(Buffer.from(await bucket.store.get(ref)).toString()).toBe('{}');
  });

  it('is found behind a delete marker and behind another version', async () => {
    const hidden = await bucket.store.put(aPath(), Buffer.from('hidden'));
    await bucket.admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `evidence/${hidden.path}` }));
    const covered = await bucket.store.put(aPath(), Buffer.from('covered'));
    await SUBJECTS['in S3 with Object Lock']?.().tamper(covered.path, 'forged!');

    expect(Buffer.from(await bucket.store.get(hidden)).toString()).toBe('hidden');
    expect(Buffer.from(await bucket.store.get(covered)).toString()).toBe('covered');
    expect(await bucket.store.put(covered.path, Buffer.from('covered'))).toEqual(covered);
  });

  it('names the store, and fails as AWS fails: denied for good, throttled for now', async () => {
    const noReader = createS3EvidenceStore({
      writer: bucket.collector,
      reader: bucket.collector,
      bucket: BUCKET,
      prefix: 'evidence/',
      mode: 'GOVERNANCE',
      retentionDays: 1,
      nowMs: Date.now,
    });
    const ref = await noReader.put(aPath(), Buffer.from('{}'));
    expect(ref.store).toBe(`s3://${BUCKET}/evidence/`);

    await expect(noReader.get(ref)).rejects.toMatchObject({ type: 'PermissionDenied', nonRetryable: true });
    range.faults.add({ id: 'throttled', match: { api: 's3:PutObject' }, times: 1, effect: { kind: 'throttle' } });
    await expect(noReader.put(aPath(), Buffer.from('x'))).rejects.toMatchObject({ type: 'Throttled', nonRetryable: false });
    range.faults.add({
      id: 'down',
      match: { api: 's3:PutObject' },
      times: 1,
      effect: { kind: 'error', code: 'InternalError', status: 500 },
    });
    await expect(noReader.put(aPath(), Buffer.from('x'))).rejects.toMatchObject({ type: 'UpstreamUnavailable', nonRetryable: false });
  });

  it('is whole after a lost answer: the put repeated finds its own bytes', async () => {
    const path = aPath();
    range.faults.add({ id: 'lost', match: { api: 's3:PutObject' }, times: 1, effect: { kind: 'loseAnswer' } });
    await expect(bucket.store.put(path, Buffer.from('{}'))).rejects.toMatchObject({ type: 'UpstreamUnavailable' });

    const ref = await bucket.store.put(path, Buffer.from('{}'));

    expect(await versionsOf(path)).toHaveLength(1);
    expect(Buffer.from(await bucket.store.get(ref)).toString()).toBe('{}');
  });
});
