import type { Credentials as CredentialsShape, PolicyDescriptorType } from '@aws-sdk/client-sts';
import { AwsError, validationError } from '../aws-error.js';
import type { Bearer, Credential } from '../iam/credentials.js';
import { managedPolicyOf } from '../iam/lookup.js';
import type { Role } from '../iam/model.js';
import { documentOf } from '../iam/policy-versions.js';
import { parsePolicy } from '../policy/document.js';
import type { Call } from '../server/call.js';

/** A role assumed by the session of another role ends within an hour (IAM user guide, "Role chaining"). */
const CHAINED_SECONDS = 3600;

/** The asked life in seconds, or the default. @throws AwsError ValidationError */
export function lifeOf(seconds: number | undefined, limits: { min: number; max: number; default: number }): number {
  const wanted = seconds ?? Math.min(limits.default, limits.max);
  if (wanted < limits.min || wanted > limits.max)
    throw validationError(`The requested DurationSeconds exceeds the limits ${limits.min} to ${limits.max}.`);
  return wanted;
}

/** How long this caller's session of a role may be, in seconds. */
export function longestSession({ caller }: Call, { maxSessionSeconds }: Role): number {
  return caller.bearer.kind === 'role' ? Math.min(CHAINED_SECONDS, maxSessionSeconds) : maxSessionSeconds;
}

/** The documents of the session policies a call passes; undefined when it passes none. @throws AwsError MalformedPolicyDocument, NoSuchEntity */
export function sessionPoliciesOf(
  call: Call,
  { Policy, PolicyArns = [] }: { Policy?: string | undefined; PolicyArns?: PolicyDescriptorType[] | undefined },
): readonly string[] | undefined {
  if (Policy === undefined && PolicyArns.length === 0) return undefined;
  if (Policy !== undefined) parsePolicy(Policy);
  return [...(Policy === undefined ? [] : [Policy]), ...PolicyArns.map(({ arn }) => documentOf(managedPolicyOf(call, arn)))];
}

/** The source identity of a new session: handed down a chain, and never changed on the way. @throws AwsError AccessDenied */
export function sourceIdentityOf({ caller }: Call, wanted: string | undefined): string | undefined {
  const inherited = caller.session?.sourceIdentity;
  if (inherited !== undefined && wanted !== undefined && wanted !== inherited)
    throw new AwsError('AccessDenied', 'SourceIdentity of a session cannot be changed.', 403);
  return inherited ?? wanted;
}

/** What a new session is for. */
export type Minting = {
  readonly bearer: Bearer;
  readonly seconds: number;
  readonly policies: readonly string[] | undefined;
  readonly sourceIdentity?: string | undefined;
};

/** Issues a session to the caller. STS issues in whole seconds, and `aws:TokenIssueTime` compares with that. */
export function mint({ account, caller, at, sourceIp }: Call, { bearer, seconds, policies, sourceIdentity }: Minting): Credential {
  const issuedAt = Math.floor(at / 1000) * 1000;
  const session = { expiresAt: issuedAt + seconds * 1000, mfaAuthenticated: false, policies, sourceIdentity };
  return account.credentials.issue({ bearer, issuedAt, session, origin: { keyId: caller.accessKeyId, sourceIp } });
}

/** A session as STS answers it. */
export function credentialsShape({ accessKeyId, secretAccessKey, session }: Credential): CredentialsShape {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: session?.token,
    Expiration: session === undefined ? undefined : new Date(session.expiresAt),
  };
}
