import { AwsError } from '../aws-error.js';

/** How services spell "too fast" where it is not `ThrottlingException`, 400 (their API references, "Common errors"). */
const SPELLINGS: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  iam: { code: 'Throttling', status: 400 },
  sts: { code: 'Throttling', status: 400 },
  ec2: { code: 'RequestLimitExceeded', status: 503 },
  s3: { code: 'SlowDown', status: 503 },
  organizations: { code: 'TooManyRequestsException', status: 400 },
  lambda: { code: 'TooManyRequestsException', status: 429 },
  guardduty: { code: 'TooManyRequestsException', status: 429 },
  'access-analyzer': { code: 'ThrottlingException', status: 429 },
};

/** The answer of one service to a caller that is too fast. */
export function throttled(service: string): AwsError {
  const { code, status } = SPELLINGS[service] ?? { code: 'ThrottlingException', status: 400 };
  return new AwsError(code, 'Rate exceeded', status);
}
