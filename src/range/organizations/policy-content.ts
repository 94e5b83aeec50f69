import { AwsError } from '../aws-error.js';
import { parsePolicy, type PolicyDocument } from '../policy/document.js';
import { constraintViolation } from './errors.js';

/** Longest SCP in characters, white space included (Organizations quotas since 2026-05-15, aws-domain 1.2). */
const MAX_CHARACTERS = 10_240;

/**
 * Reads the content of a service control policy.
 *
 * @throws AwsError ConstraintViolationException (POLICY_CONTENT_LIMIT_EXCEEDED), MalformedPolicyDocumentException
 */
export function readServiceControlPolicy(content: string): PolicyDocument {
  if (content.length > MAX_CHARACTERS)
    throw constraintViolation('POLICY_CONTENT_LIMIT_EXCEEDED', 'You have exceeded the allowed length of the policy content.');
  try {
    return parsePolicy(content);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('MalformedPolicyDocumentException', `The provided policy document does not meet the requirements: ${error.message}`);
  }
}
