import type { Account } from '../iam/account.js';
import { principalOf, type Bearer, type Credential } from '../iam/credentials.js';
import { contextOf, type RequestContext } from '../policy/context.js';

/** The account a caller belongs to. */
export function accountIdOf(account: Account, bearer: Bearer): string {
  return bearer.kind === 'outside' ? bearer.accountId : account.id;
}

/** The caller's ARN as `GetCallerIdentity` and CloudTrail show it. */
export function arnOfBearer(account: Account, bearer: Bearer): string {
  switch (bearer.kind) {
    case 'user':
      return bearer.user.arn;
    case 'federated':
      return `arn:aws:sts::${account.id}:federated-user/${bearer.name}`;
    case 'role':
      return `arn:aws:sts::${account.id}:assumed-role/${bearer.role.name}/${bearer.sessionName}`;
    case 'outside':
      return `arn:aws:iam::${bearer.accountId}:user/${bearer.userName}`;
  }
}

/** The unique id a policy sees as `aws:userid`. */
export function userIdOfBearer(account: Account, bearer: Bearer): string {
  switch (bearer.kind) {
    case 'user':
      return bearer.user.id;
    case 'federated':
      return `${account.id}:${bearer.name}`;
    case 'role':
      return `${bearer.role.id}:${bearer.sessionName}`;
    case 'outside':
      return bearer.userId;
  }
}

/** What a request brings with it besides action and resource. */
export type RequestFacts = {
  readonly at: number;
  readonly sourceIp: string;
  readonly region: string;
  /** Keys of the action itself, e.g. `iam:PolicyARN`. */
  readonly own?: Readonly<Record<string, string | undefined>>;
};

/** The condition keys of a call. `aws:TokenIssueTime` is absent for long-term keys, which is what D2 and D3 rest on. */
export function requestContext(account: Account, credential: Credential, facts: RequestFacts): RequestContext {
  const { bearer, session, issuedAt } = credential;
  return contextOf({
    'aws:PrincipalArn': bearer.kind === 'role' ? bearer.role.arn : arnOfBearer(account, bearer),
    'aws:PrincipalAccount': accountIdOf(account, bearer),
    'aws:PrincipalType': { role: 'AssumedRole', user: 'User', federated: 'FederatedUser', outside: 'User' }[bearer.kind],
    'aws:userid': userIdOfBearer(account, bearer),
    'aws:username': bearer.kind === 'user' ? bearer.user.name : undefined,
    'aws:SourceIdentity': session?.sourceIdentity,
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

function principalTags({ bearer }: Credential): Record<string, string> {
  const principal = bearer.kind === 'federated' ? undefined : principalOf(bearer);
  return Object.fromEntries((principal?.tags.seen() ?? []).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}
