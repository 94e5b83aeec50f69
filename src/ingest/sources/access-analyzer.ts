import { unsupportedSource } from '../alert-source.js';

/** IAM Access Analyzer findings. */
export const accessAnalyzer = unsupportedSource(
  'access-analyzer',
  'aws.access-analyzer',
  (body) => body['source'] === 'aws.access-analyzer',
);
