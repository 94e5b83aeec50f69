import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  paginateListObjectsV2,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import * as s3 from '@aws-sdk/client-s3';
import { NormalizedSchema } from '@smithy/core/schema';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range } from '../../../src/range/index.js';
import { createRandom } from '../../../src/range/random/random.js';
import { createS3Operations } from '../../../src/range/s3/operations.js';
import { serviceNamed } from '../../../src/range/server/services.js';
import { createRequestHandler } from '../../../src/range/wire/request-handler.js';
import { aUserWith, BUCKET, COLLECTOR_ACTIONS, s3Of } from '../../fixtures/evidence-bucket.js';
import { aRange } from '../../fixtures/range.js';
import { errorOf } from './clients.js';
import { randomValue } from './random-shape.js';

const DAY_MS = 24 * 3_600_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const locked = (mode: 'GOVERNANCE' | 'COMPLIANCE', days = 30): Partial<PutObjectCommandInput> => ({
  ObjectLockMode: mode,
  ObjectLockRetainUntilDate: inDays(days),
  ChecksumAlgorithm: 'SHA256',
});

let range: Range;
let admin: S3Client;
beforeAll(async () => {
  range = await aRange();
  admin = s3Of(range, range.identities.admin);
});
afterAll(() => range.stop());

let keys = 0;
async function put(change: Partial<PutObjectCommandInput> = {}) {
  const Key = change.Key ?? `a folder/ü+${(keys += 1)}.json`;
  const { VersionId } = await admin.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{"a":1}', ...change }));
  return { Bucket: BUCKET, Key, VersionId };
}

describe('objects', () => {
  it.each([
    ['over HTTP', 0],
    ['in process', undefined],
  ])('come back with bytes, metadata, checksum and lock %s', async (_way, port) => {
    const own = await startRange({ ...(port === undefined ? {} : { port }), propagationSeconds: { min: 0, max: 0 } });
    const target =
      port === undefined ? { endpoint: 'http://range.invalid', requestHandler: own.requestHandler } : { endpoint: own.endpoint };
    const s3 = new S3Client({ region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials: own.identities.admin, ...target });
    const bytes = Buffer.from([0, 255, 10, 13, 128, ...Buffer.from('ünï & <xml>')]);
    const at = { Bucket: BUCKET, Key: "a b/c+d=e&f'g(ü).json" };
    const until = new Date('2099-01-02T03:04:05.000Z');

    await s3.send(
      new PutObjectCommand({
        ...at,
        Body: bytes,
        ContentType: 'application/json',
        Metadata: { incident: 'INC-1' },
        ...locked('GOVERNANCE'),
        ObjectLockRetainUntilDate: until,
      }),
    );
    const got = await s3.send(new GetObjectCommand({ ...at, ChecksumMode: 'ENABLED' }));
    const head = await s3.send(new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' }));

    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    for (const answer of [got, head]) {
      expect(answer).toMatchObject({
        ContentLength: bytes.length,
        ContentType: 'application/json',
        Metadata: { incident: 'INC-1' },
        ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
        ObjectLockMode: 'GOVERNANCE',
        ObjectLockRetainUntilDate: until,
        ETag: `"${createHash('md5').update(bytes).digest('hex')}"`,
      });
    }
    await own.stop();
  });

  it('keep every version, newest first, and hide them behind a delete marker', async () => {
    const { Key, VersionId: first } = await put();
    const { VersionId: second } = await put({ Key, Body: 'two' });
    const { VersionId: marker, DeleteMarker } = await admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));

    const listed = await admin.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: Key }));
    const old = await admin.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId: first }));

    expect(DeleteMarker).toBe(true);
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [second, false],
      [first, false],
    ]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: marker, IsLatest: true }]);
    expect(await old.Body?.transformToString()).toBe('{"a":1}');
    expect(await errorOf(admin.send(new GetObjectCommand({ Bucket: BUCKET, Key })))).toBe('NoSuchKey');
    expect(await errorOf(admin.send(new HeadObjectCommand({ Bucket: BUCKET, Key })))).toBe('NotFound');
    expect(await errorOf(admin.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId: marker })))).toBe('MethodNotAllowed');
    expect(await errorOf(admin.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId: 'none' })))).toBe('NoSuchVersion');
  });

  it('are written once under If-None-Match: *, also after a delete marker', async () => {
    const { Key } = await put({ IfNoneMatch: '*' });

    const again = admin.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x', IfNoneMatch: '*' }));

    await expect(again).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    await admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    expect(await errorOf(put({ Key, IfNoneMatch: '*' }))).toBe('no error');
  });

  it('are refused with a wrong checksum or a body that is not the signed one', async () => {
    const ChecksumSHA256 = createHash('sha256').update('other').digest('base64');
    const tampered = s3Of(range, range.identities.admin);
    tampered.middlewareStack.add((next) => (args) => next(withBody(args, '{"a":2}')), { step: 'finalizeRequest', priority: 'low' });

    expect(await errorOf(put({ ChecksumSHA256 }))).toBe('BadDigest');
    expect(await errorOf(tampered.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'x', Body: '{"a":1}' })))).toBe(
      'XAmzContentSHA256Mismatch',
    );
  });

  it('are listed in pages, current ones only', async () => {
    const names = Array.from({ length: 5 }, (_, index) => `pages/${index}.json`);
    for (const Key of names) await put({ Key });
    await put({ Key: 'pages/0.json' });
    await admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'pages/3.json' }));
    const current: unknown[] = [];
    const versions: string[] = [];

    for await (const page of paginateListObjectsV2({ client: admin, pageSize: 2 }, { Bucket: BUCKET, Prefix: 'pages/' })) {
      current.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (marker !== undefined) {
      const page: ListObjectVersionsCommandOutput = await admin.send(
        new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: 'pages/', MaxKeys: 2, ...marker }),
      );
      versions.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = '' }) => Key));
      marker = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
    }

    expect(current).toEqual(names.filter((name) => name !== 'pages/3.json'));
    expect(versions.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([names[0], names[0], names[1], names[2], names[3], names[3], names[4]]);
  });

  it('leave no management event, a new bucket does', async () => {
    const before = range.recorded().length;
    await put();
    await admin.send(new CreateBucketCommand({ Bucket: 'a-new-bucket' }));

    expect(range.recorded().slice(before)).toMatchObject([
      { eventSource: 's3.amazonaws.com', eventName: 'CreateBucket', requestParameters: { bucket: 'a-new-bucket' }, readOnly: false },
    ]);
  });
});

function withBody<T extends { readonly request: unknown }>(args: T, body: string): T {
  Object.assign(args.request as object, { body });
  return args;
}

describe('Object Lock', () => {
  it.each(['GOVERNANCE', 'COMPLIANCE'] as const)(
    '%s refuses to delete a version; a delete without a version only hides it',
    async (mode) => {
      const version = await put(locked(mode));

      const refused = admin.send(new DeleteObjectCommand(version));

      await expect(refused).rejects.toMatchObject({
        name: 'AccessDenied',
        message: expect.stringContaining('object lock'),
        $metadata: { httpStatusCode: 403 },
      });
      await admin.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: version.Key }));
      const still = await admin.send(new GetObjectCommand(version));
      expect(await still.Body?.transformToString()).toBe('{"a":1}');
    },
  );

  it('GOVERNANCE yields to permission and header together, COMPLIANCE to nobody', async () => {
    const withoutBypass = s3Of(range, await aUserWith(range, 'deleter', ['s3:DeleteObject*']));
    const [soft, hard] = [await put(locked('GOVERNANCE')), await put(locked('COMPLIANCE'))];
    const bypass = { BypassGovernanceRetention: true };

    expect(await errorOf(withoutBypass.send(new DeleteObjectCommand({ ...soft, ...bypass })))).toBe('AccessDenied');
    expect(await errorOf(admin.send(new DeleteObjectCommand({ ...hard, ...bypass })))).toBe('AccessDenied');
    expect(await errorOf(admin.send(new DeleteObjectCommand({ ...soft, ...bypass })))).toBe('no error');
    expect(await errorOf(admin.send(new GetObjectCommand(soft)))).toBe('NoSuchVersion');
  });

  it('may be made longer, never shorter or softer under COMPLIANCE', async () => {
    const version = await put(locked('COMPLIANCE', 30));
    const change = (Mode: 'GOVERNANCE' | 'COMPLIANCE', days: number) =>
      errorOf(
        admin.send(
          new PutObjectRetentionCommand({
            ...version,
            Retention: { Mode, RetainUntilDate: inDays(days) },
            BypassGovernanceRetention: true,
            ChecksumAlgorithm: 'SHA256',
          }),
        ),
      );

    expect(await change('COMPLIANCE', 10)).toBe('AccessDenied');
    expect(await change('GOVERNANCE', 60)).toBe('AccessDenied');
    expect(await change('COMPLIANCE', 60)).toBe('no error');
    expect(await change('COMPLIANCE', -1)).toBe('InvalidArgument');
    const { Retention } = await admin.send(new GetObjectRetentionCommand(version));
    expect(Retention?.Mode).toBe('COMPLIANCE');
    expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(inDays(59).getTime());
  });

  it('holds a version while a legal hold is on, whatever its retention', async () => {
    const version = await put();
    const hold = (Status: 'ON' | 'OFF') =>
      admin.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status }, ChecksumAlgorithm: 'SHA256' }));

    await hold('ON');
    const refused = await errorOf(admin.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true })));
    await hold('OFF');

    expect(refused).toBe('AccessDenied');
    expect(await errorOf(admin.send(new DeleteObjectCommand(version)))).toBe('no error');
  });

  it('ends when its time is over', async () => {
    const clock = createVirtualClock();
    const own = await startRange({ clock });
    const s3 = new S3Client({
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: own.identities.admin,
      endpoint: 'http://range.invalid',
      requestHandler: own.requestHandler,
    });
    const until = new Date(clock.now() + DAY_MS);
    const { VersionId } = await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'k',
        Body: 'x',
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: until,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    const remove = () => errorOf(s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k', VersionId })));

    const before = await remove();
    await clock.advance(DAY_MS + 1000);

    expect([before, await remove()]).toEqual(['AccessDenied', 'no error']);
  });

  it('is refused to buckets without it, for half a retention and without a checksum', async () => {
    await admin.send(new CreateBucketCommand({ Bucket: 'plain-bucket' }));
    const plain = { Bucket: 'plain-bucket', Key: 'k' };
    const unsummed = s3Of(range, range.identities.admin);
    unsummed.config.requestChecksumCalculation = () => Promise.resolve('WHEN_REQUIRED');

    expect(await errorOf(admin.send(new PutObjectCommand({ ...plain, Body: 'x', ...locked('COMPLIANCE') })))).toBe('InvalidRequest');
    expect(await errorOf(admin.send(new GetObjectLockConfigurationCommand({ Bucket: 'plain-bucket' })))).toBe(
      'ObjectLockConfigurationNotFoundError',
    );
    expect((await admin.send(new GetObjectLockConfigurationCommand({ Bucket: BUCKET }))).ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: 'Enabled',
    });
    expect(await errorOf(put({ ObjectLockMode: 'COMPLIANCE' }))).toBe('InvalidArgument');
    const { ObjectLockMode, ObjectLockRetainUntilDate } = locked('COMPLIANCE');
    const body = { Bucket: BUCKET, Key: 'k', Body: 'x', ObjectLockMode, ObjectLockRetainUntilDate };
    expect(await errorOf(unsummed.send(new PutObjectCommand(body)))).toBe('InvalidRequest');
    await admin.send(new PutObjectCommand({ ...plain, Body: 'x' }));
    await admin.send(new DeleteObjectCommand(plain));
    expect(await errorOf(admin.send(new HeadObjectCommand(plain)))).toBe('NotFound');
  });

  it('answers a batch per object: what is locked is named, the rest is gone', async () => {
    const [free, held] = [await put(), await put(locked('COMPLIANCE'))];
    const Objects = [free, held].map(({ Key, VersionId }) => ({ Key, VersionId }));

    const answer = await admin.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));

    expect(answer.Deleted).toEqual([Objects[0]]);
    expect(answer.Errors).toEqual([{ ...Objects[1], Code: 'AccessDenied', Message: expect.stringContaining('object lock') }]);
  });
});

describe('permissions', () => {
  it('a collector puts under lock and can neither read, list, delete, hide nor shorten', async () => {
    const collector = s3Of(range, await aUserWith(range, 'collector', COLLECTOR_ACTIONS));
    const object = { Bucket: BUCKET, Key: 'by-collector' };
    const { VersionId } = await collector.send(new PutObjectCommand({ ...object, Body: 'x', ...locked('GOVERNANCE') }));
    const version = { ...object, VersionId };
    const shorter = { Mode: 'GOVERNANCE', RetainUntilDate: inDays(1) } as const;

    const attempts = {
      get: await errorOf(collector.send(new GetObjectCommand(object))),
      getVersion: await errorOf(collector.send(new GetObjectCommand(version))),
      list: await errorOf(collector.send(new ListObjectsV2Command({ Bucket: BUCKET }))),
      versions: await errorOf(collector.send(new ListObjectVersionsCommand({ Bucket: BUCKET }))),
      hide: await errorOf(collector.send(new DeleteObjectCommand(object))),
      delete: await errorOf(collector.send(new DeleteObjectCommand(version))),
      bypass: await errorOf(collector.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true }))),
      shorten: await errorOf(
        collector.send(new PutObjectRetentionCommand({ ...version, Retention: shorter, ChecksumAlgorithm: 'SHA256' })),
      ),
    };

    expect(new Set(Object.values(attempts))).toEqual(new Set(['AccessDenied']));
    expect((await admin.send(new GetObjectRetentionCommand(version))).Retention?.Mode).toBe('GOVERNANCE');
  });

  it('locking needs its own permission, and a reader who may not list learns of no key', async () => {
    const putOnly = s3Of(range, await aUserWith(range, 'put-only', ['s3:PutObject']));
    const getOnly = s3Of(range, await aUserWith(range, 'get-only', ['s3:GetObject']));

    expect(await errorOf(putOnly.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'p', Body: 'x', ...locked('COMPLIANCE') })))).toBe(
      'AccessDenied',
    );
    expect(await errorOf(putOnly.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'p', Body: 'x' })))).toBe('no error');
    expect(await errorOf(getOnly.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'not-there' })))).toBe('AccessDenied');
    expect(await errorOf(admin.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'k' })))).toBe('NoSuchBucket');
  });
});

describe('the REST XML codec against the SDK, with random values', () => {
  const random = createRandom(20_261_122);
  /** Members that the SDK itself changes on the way, or that decide how it sends. */
  const OWN =
    /^(SSECustomer|CopySource|Checksum|ContentLength|ContentMD5|ACL$|Bucket|Body$|RequestPayer|WriteOffset|EncodingType|ExpiresString)/;

  function withoutOwn(value: unknown): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value as object).filter(([name]) => !OWN.test(name)));
  }

  it.each(Object.keys(createS3Operations([], 0)))('%s survives 5 round trips of input and output', async (name) => {
    const service = serviceNamed('s3');
    const schema = service?.schemas.get(name);
    if (service === undefined || schema === undefined) throw new Error(`no schema for ${name}`);

    for (let round = 0; round < 5; round += 1) {
      const input = withoutOwn(randomValue(NormalizedSchema.of(schema[4]), random));
      const output = withoutOwn(randomValue(NormalizedSchema.of(schema[5]), random));
      const received: unknown[] = [];
      const requestHandler = createRequestHandler((request) => {
        received.push(service.codec.operationName(request), withoutOwn(service.codec.readInput(schema, request)));
        return Promise.resolve({ kind: 'answered', response: service.codec.writeOutput(schema, output, 'request-1') });
      });
      const client = new S3Client({
        region: 'us-east-1',
        endpoint: 'http://range.invalid',
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: range.identities.admin,
        requestHandler,
      });
      const Command = Reflect.get(s3, `${name}Command`) as new (input: object) => never;

      const { $metadata, ...answer } = (await client.send(new Command({ Bucket: BUCKET, Body: 'x', ...input }))) as {
        $metadata: { requestId: string };
      };

      expect(received).toEqual([name, input]);
      expect(withoutOwn(answer)).toEqual(output);
      expect($metadata.requestId).toBe('request-1');
    }
  });
});
