import type { Account } from '../iam/account.js';
import { principalOf, type Bearer, type Credential } from '../iam/credentials.js';
import { contextOf, type RequestContext } from '../policy/context.js';

/** The account a caller belongs to. */
export function accountIdOf(bearer: Bearer): string {
  switch (bearer.kind) {
    case 'user':
    case 'federated':
      return accountIdIn(bearer.user.arn);
    case 'role':
      return accountIdIn(bearer.role.arn);
    case 'root':
    case 'external':
    case 'outside':
      return bearer.accountId;
  }
}

/** The account in an ARN: its fifth part. */
export function accountIdIn(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** The caller's ARN as `GetCallerIdentity` and CloudTrail show it. */
export function arnOfBearer(bearer: Bearer): string {
  switch (bearer.kind) {
    case 'user':
      return bearer.user.arn;
    case 'federated':
      return `arn:aws:sts::${accountIdOf(bearer)}:federated-user/${bearer.name}`;
    case 'role':
      return `arn:aws:sts::${accountIdOf(bearer)}:assumed-role/${bearer.role.name}/${bearer.sessionName}`;
    case 'root':
      return `arn:aws:iam::${bearer.accountId}:root`;
    case 'external':
      return `${bearer.providerArn}:${bearer.subject}`;
    case 'outside':
      return `arn:aws:iam::${bearer.accountId}:user/${bearer.userName}`;
  }
}

/** The unique id a policy sees as `aws:userid`. */
export function userIdOfBearer(bearer: Bearer): string {
  switch (bearer.kind) {
    case 'user':
      return bearer.user.id;
    case 'federated':
      return `${accountIdOf(bearer)}:${bearer.name}`;
    case 'role':
      return `${bearer.role.id}:${bearer.sessionName}`;
    case 'root':
      return bearer.accountId;
    case 'external':
      return `${bearer.providerArn}:${bearer.subject}`;
    case 'outside':
      return bearer.userId;
  }
}

/** Condition keys with one or more values. */
export type ContextKeys = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a request brings with it besides action and resource. */
export type RequestFacts = {
  readonly at: number;
  readonly sourceIp: string;
  readonly region: string;
  /** Keys of the action itself, e.g. `iam:PolicyARN`. */
  readonly own?: ContextKeys;
};

/** What a caller is, in `aws:PrincipalType` (IAM user guide, "Principal key values"). */
const PRINCIPAL_TYPES = {
  role: 'AssumedRole',
  user: 'User',
  federated: 'FederatedUser',
  root: 'Account',
  external: 'Anonymous',
  outside: 'User',
} as const;

/**
 * The condition keys of a call. `aws:TokenIssueTime` is absent for long-term keys, which is what D2 and D3 rest on.
 *
 * @param account the caller's own.
 */
export function requestContext(account: Account, credential: Credential, facts: RequestFacts): RequestContext {
  const { bearer, session, issuedAt } = credential;
  return contextOf({
    'aws:PrincipalArn': bearer.kind === 'role' ? bearer.role.arn : arnOfBearer(bearer),
    'aws:PrincipalAccount': accountIdOf(bearer),
    'aws:PrincipalOrgID': bearer.kind === 'outside' || bearer.kind === 'external' ? undefined : account.organization?.id,
    'aws:PrincipalType': PRINCIPAL_TYPES[bearer.kind],
    'aws:userid': userIdOfBearer(bearer),
    'aws:username': bearer.kind === 'user' ? bearer.user.name : undefined,
    'aws:SourceIdentity': session?.sourceIdentity,
    'aws:AssumedRoot': session?.assumedRoot === undefined ? undefined : 'true',
    'identitystore:UserId': session?.identityStoreUserId,
    'aws:SourceIp': facts.sourceIp,
    'aws:CurrentTime': new Date(facts.at).toISOString(),
    'aws:EpochTime': String(Math.floor(facts.at / 1000)),
    'aws:RequestedRegion': facts.region,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:MultiFactorAuthPresent': session === undefined ? undefined : String(session.mfaAuthenticated),
    'aws:TokenIssueTime': session === undefined ? undefined : new Date(issuedAt).toISOString(),
    ...principalTags(credential),
    ...facts.own,
  });
}

function principalTags({ bearer, session }: Credential): Record<string, string> {
  const principal = bearer.kind === 'federated' ? undefined : principalOf(bearer);
  const tags = [...(principal?.tags.seen() ?? []), ...(session?.tags ?? [])];
  return Object.fromEntries(tags.map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}
