import type { Account } from '../iam/account.js';
import { principalOf, type Bearer, type Credential } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import { parsePolicy, type Statement } from '../policy/document.js';
import { policyMatches, type ResourceGrant } from '../policy/evaluate.js';
import { accountIdIn, accountIdOf, arnOfBearer, requestContext, type RequestFacts } from '../server/context.js';
import { ownNames, principalNames } from '../server/principal-names.js';

/** A role and the account it is in. */
export type OwnedRole = { readonly role: Role; readonly owner: Account };

/** The role of an ARN in the caller's account or in another one of its organization. */
export function findRole(account: Account, roleArn: string | undefined): OwnedRole | undefined {
  const id = accountIdIn(roleArn ?? '');
  const owner = id === account.id ? account : account.organization?.account(id);
  const role = owner?.roles.list().find(({ arn }) => arn === roleArn);
  return owner === undefined || role === undefined ? undefined : { role, owner };
}

/** What a call of STS asks of a role's trust policy. */
export type TrustQuestion = RequestFacts & {
  readonly credential: Credential;
  /** @default sts:AssumeRole */
  readonly action?: string;
};

/**
 * Whether a role's trust policy, as enforced at that time, lets a caller in.
 *
 * @param account the caller's own.
 */
export function trusts(account: Account, role: Role, { credential, action = 'sts:AssumeRole', ...facts }: TrustQuestion): boolean {
  const { statements } = parsePolicy(role.trust.effective(facts.at), 'trust');
  const forCaller = statements.filter((statement) => namesCaller(statement, credential.bearer));
  const request = { action, resource: role.arn, context: requestContext(account, credential, facts) };
  return policyMatches({ statements: forCaller }, 'Allow', request) && !policyMatches({ statements: forCaller }, 'Deny', request);
}

/**
 * What a trust policy gives a caller of the same account beyond letting him in: when it names him and not the whole account,
 * he needs no identity policy for the call (IAM user guide, "Policy evaluation for requests within a single account").
 *
 * @param account the caller's own.
 */
export function trustGrant(account: Account, role: Role, question: TrustQuestion): ResourceGrant | undefined {
  const { bearer } = question.credential;
  if (accountIdOf(bearer) !== accountIdIn(role.arn) || !trusts(account, role, question)) return undefined;
  const { credential, action = 'sts:AssumeRole', ...facts } = question;
  const { statements } = parsePolicy(role.trust.effective(facts.at), 'trust');
  const request = { action, resource: role.arn, context: requestContext(account, credential, facts) };
  const allows = (name: string | undefined): boolean =>
    name !== undefined &&
    policyMatches({ statements: statements.filter(({ principals }) => principals?.includes(name) === true) }, 'Allow', request);
  if (allows(arnOfBearer(bearer))) return 'all';
  return allows(principalOf(bearer)?.arn) ? 'identity' : undefined;
}

/** Whether a role's trust policy, as enforced at a time, lets an AWS service hand out its credentials. Conditions are not looked at. */
export function trustsService(role: Role, { service, at }: { service: string; at: number }): boolean {
  const { statements } = parsePolicy(role.trust.effective(at), 'trust');
  return statements.some(({ effect, services }) => effect === 'Allow' && services?.includes(service) === true);
}

function namesCaller({ principals, federated }: Statement, bearer: Bearer): boolean {
  if (bearer.kind === 'external') return federated?.includes(bearer.providerArn) === true;
  const names = [...principalNames(bearer), ...ownNames(bearer)];
  return principals?.some((principal) => names.includes(principal)) === true;
}
