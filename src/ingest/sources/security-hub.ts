import { textAt } from '../json-reader.js';
import { unsupportedSource } from '../alert-source.js';

/** Security Hub CSPM findings (ASFF). */
export const securityHub = unsupportedSource(
  'security-hub',
  'aws.securityhub',
  (body) =>
    textAt(body, 'SchemaVersion') === '2018-10-08' ||
    (body['source'] === 'aws.securityhub' && body['detail-type'] !== 'Findings Imported V2'),
);
