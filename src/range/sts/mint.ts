import type { Credentials as CredentialsShape, PolicyDescriptorType } from '@aws-sdk/client-sts';
import { AwsError, noSuchEntity, validationError } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import type { Bearer, Credential, SessionPart } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import { documentOf } from '../iam/policy-versions.js';
import { parsePolicy } from '../policy/document.js';
import type { Call } from '../server/call.js';
import { arnOfBearer } from '../server/context.js';

/** Life of a role session in seconds (STS API reference, AssumeRole). */
export const ROLE_SESSION_SECONDS = { min: 900, max: 43_200, default: 3600 } as const;

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

/** The documents of the session policies a call passes to a session of an account; undefined when it passes none. @throws AwsError MalformedPolicyDocument, NoSuchEntity */
export function sessionPoliciesOf(
  account: Account,
  { Policy, PolicyArns = [] }: { Policy?: string | undefined; PolicyArns?: PolicyDescriptorType[] | undefined },
): readonly string[] | undefined {
  if (Policy === undefined && PolicyArns.length === 0) return undefined;
  if (Policy !== undefined) parsePolicy(Policy);
  return [...(Policy === undefined ? [] : [Policy]), ...PolicyArns.map(({ arn }) => managedDocument(account, arn))];
}

function managedDocument(account: Account, arn: string | undefined): string {
  const policy = account.findPolicy(arn ?? '');
  if (policy === undefined) throw noSuchEntity('policy', arn ?? '');
  return documentOf(policy);
}

/** The source identity of a new session: handed down a chain, and never changed on the way. @throws AwsError AccessDenied */
export function sourceIdentityOf({ caller }: Call, wanted: string | undefined): string | undefined {
  const inherited = caller.session?.sourceIdentity;
  if (inherited !== undefined && wanted !== undefined && wanted !== inherited)
    throw new AwsError('AccessDenied', 'SourceIdentity of a session cannot be changed.', 403);
  return inherited ?? wanted;
}

/** What a new session is for. */
export type Minting = Pick<SessionPart, 'policies' | 'sourceIdentity' | 'tags' | 'transitiveTagKeys' | 'assumedRoot'> & {
  readonly bearer: Bearer;
  readonly seconds: number;
  /** The account the session acts in. @default the caller's */
  readonly owner?: Account;
};

/** Issues a session to the caller. STS issues in whole seconds, and `aws:TokenIssueTime` compares with that. */
export function mint({ account, caller, at, sourceIp }: Call, { bearer, seconds, owner = account, ...rest }: Minting): Credential {
  const issuedAt = Math.floor(at / 1000) * 1000;
  const session = { ...rest, expiresAt: issuedAt + seconds * 1000, mfaAuthenticated: false };
  return owner.credentials.issue({ bearer, issuedAt, session, origin: { keyId: caller.accessKeyId, sourceIp } });
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

/** What every call that assumes a role answers. */
export function assumedRoleAnswer(
  credential: Credential,
  { role, sessionName }: { role: Role; sessionName: string },
): { Credentials: CredentialsShape; AssumedRoleUser: { AssumedRoleId: string; Arn: string } } {
  return {
    Credentials: credentialsShape(credential),
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: arnOfBearer(credential.bearer) },
  };
}
