import { isObject } from '../json-reader.js';
import { unsupportedSource } from '../alert-source.js';

/** Security Hub findings in OCSF. */
export const securityHubOcsf = unsupportedSource(
  'security-hub-ocsf',
  'aws.securityhub (OCSF)',
  (body) => body['detail-type'] === 'Findings Imported V2' || (typeof body['class_uid'] === 'number' && isObject(body['finding_info'])),
);
