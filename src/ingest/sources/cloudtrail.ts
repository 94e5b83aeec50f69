import { unsupportedSource } from '../alert-source.js';

/** CloudTrail calls and sign-ins through EventBridge. */
export const cloudtrail = unsupportedSource(
  'cloudtrail',
  'aws.cloudtrail',
  (body) => typeof body['detail-type'] === 'string' && body['detail-type'].endsWith('via CloudTrail'),
);
