import type {
  CreateBucketOutput,
  CreateBucketRequest,
  GetObjectLockConfigurationOutput,
  GetObjectLockConfigurationRequest,
  GetObjectRetentionOutput,
  GetObjectRetentionRequest,
  PutObjectLegalHoldRequest,
  PutObjectRetentionRequest,
} from '@aws-sdk/client-s3';
import { AwsError, required } from '../aws-error.js';
import { operation, type Operations } from '../server/operation.js';
import { arnOf, needs, onObject } from './access.js';
import type { Buckets } from './buckets.js';
import { changeRetention, retentionOf } from './object-lock.js';
import { existing } from './read-objects.js';

/** The calls about buckets. */
export function createBucketOperations(buckets: Buckets): Operations {
  return {
    CreateBucket: operation<CreateBucketRequest, CreateBucketOutput>({
      kind: 'write',
      access: ({ Bucket, ObjectLockEnabledForBucket: locks }) =>
        needs(
          { action: 's3:CreateBucket', resource: arnOf(Bucket) },
          ...(locks === true ? ['PutBucketObjectLockConfiguration', 'PutBucketVersioning'] : []).map((action) => ({
            action: `s3:${action}`,
            resource: arnOf(Bucket),
          })),
        ),
      run: (input, call) => {
        const name = required(input.Bucket, 'Bucket');
        if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
        buckets.add({ name, createdAt: call.at, objectLock: input.ObjectLockEnabledForBucket === true });
        return { Location: `/${name}` };
      },
    }),

    GetObjectLockConfiguration: operation<GetObjectLockConfigurationRequest, GetObjectLockConfigurationOutput>({
      kind: 'read',
      access: ({ Bucket }) => needs({ action: 's3:GetBucketObjectLockConfiguration', resource: arnOf(Bucket) }),
      run: (input) => {
        if (!buckets.get(required(input.Bucket, 'Bucket')).objectLock)
          throw new AwsError('ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket', 404);
        return { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } };
      },
    }),
  };
}

/** The calls about locks of objects. */
export function createLockOperations(buckets: Buckets): Operations {
  return {
    GetObjectRetention: operation<GetObjectRetentionRequest, GetObjectRetentionOutput>({
      kind: 'read',
      isDataEvent: true,
      access: (input) => needs(onObject('GetObjectRetention', input)),
      run: (input, call) => {
        const { retention } = existing(buckets.get(required(input.Bucket, 'Bucket')), input, call);
        if (retention === undefined)
          throw new AwsError('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', 404);
        return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } };
      },
    }),

    PutObjectRetention: operation<PutObjectRetentionRequest, object>({
      kind: 'write',
      isDataEvent: true,
      access: (input) =>
        needs(
          onObject('PutObjectRetention', input),
          input.BypassGovernanceRetention === true ? onObject('BypassGovernanceRetention', input) : undefined,
        ),
      run: (input, call) => {
        const bucket = buckets.get(required(input.Bucket, 'Bucket'));
        const version = existing(bucket, input, call);
        const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {};
        const wanted = retentionOf(bucket, { mode, until, at: call.at });
        changeRetention(version, wanted, { at: call.at, bypass: input.BypassGovernanceRetention === true });
        return {};
      },
    }),

    PutObjectLegalHold: operation<PutObjectLegalHoldRequest, object>({
      kind: 'write',
      isDataEvent: true,
      access: (input) => needs(onObject('PutObjectLegalHold', input)),
      run: (input, call) => {
        const bucket = buckets.get(required(input.Bucket, 'Bucket'));
        if (!bucket.objectLock) throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
        existing(bucket, input, call).legalHold = input.LegalHold?.Status === 'ON';
        return {};
      },
    }),
  };
}
