import { AwsError } from '../aws-error.js';
import type { Account } from '../iam/account.js';
import { principalOf, type Credential } from '../iam/credentials.js';
import type { Role } from '../iam/model.js';
import { contextOf } from '../policy/context.js';
import { parsePolicy, type Statement } from '../policy/document.js';
import { policyMatches } from '../policy/evaluate.js';
import { accountIdOf, arnOfBearer, requestContext, type RequestFacts } from '../server/context.js';
import type { Call } from '../server/call.js';

/**
 * The role of an AssumeRole call, if its trust policy lets this caller in. The caller's own policies were checked before.
 *
 * @throws AwsError AccessDenied, also when there is no such role: STS does not tell the difference
 */
export function roleToAssume(call: Call, { roleArn, externalId }: { roleArn: string; externalId: string | undefined }): Role {
  const role = call.account.roles.list().find(({ arn }) => arn === roleArn);
  const { account, caller, at, sourceIp, region } = call;
  if (role !== undefined && trusts(account, role, { credential: caller, externalId, at, sourceIp, region })) return role;
  throw new AwsError('AccessDenied', `User: ${call.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, 403);
}

/** What an AssumeRole asks of a trust policy. */
export type TrustQuestion = RequestFacts & { readonly credential: Credential; readonly externalId?: string | undefined };

/** Whether a role's trust policy, as enforced at that time, lets a caller in. */
export function trusts(account: Account, role: Role, { credential, externalId, ...facts }: TrustQuestion): boolean {
  const { statements } = parsePolicy(role.trust.effective(facts.at), 'trust');
  const forCaller = statements.filter((statement) => namesCaller(statement, account, credential));
  const base = requestContext(account, credential, facts);
  const context = new Map([...base, ...contextOf({ 'sts:ExternalId': externalId })]);
  const request = { action: 'sts:AssumeRole', resource: role.arn, context };
  return policyMatches({ statements: forCaller }, 'Allow', request) && !policyMatches({ statements: forCaller }, 'Deny', request);
}

/** Whether a role's trust policy, as enforced at a time, lets an AWS service hand out its credentials. Conditions are not looked at. */
export function trustsService(role: Role, { service, at }: { service: string; at: number }): boolean {
  const { statements } = parsePolicy(role.trust.effective(at), 'trust');
  return statements.some(({ effect, services }) => effect === 'Allow' && services?.includes(service) === true);
}

/** `arn:…:root` or the account id stands for everybody in that account. */
function namesCaller({ principals }: Statement, account: Account, { bearer }: Credential): boolean {
  const home = accountIdOf(account, bearer);
  const callerArn = arnOfBearer(account, bearer);
  const names = ['*', home, `arn:aws:iam::${home}:root`, callerArn, principalOf(bearer)?.arn ?? callerArn];
  return principals?.some((principal) => names.includes(principal)) === true;
}
