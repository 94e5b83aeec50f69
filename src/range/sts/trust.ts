import { AwsError } from '../aws-error.js';
import type { Role } from '../iam/model.js';
import { contextOf } from '../policy/context.js';
import { parsePolicy, type Statement } from '../policy/document.js';
import { policyMatches } from '../policy/evaluate.js';
import { requestContext } from '../server/context.js';
import type { Call } from '../server/call.js';

/**
 * The role of an AssumeRole call, if its trust policy lets this caller in. The caller's own policies were checked before.
 *
 * @throws AwsError AccessDenied, also when there is no such role: STS does not tell the difference
 */
export function roleToAssume(call: Call, { roleArn, externalId }: { roleArn: string; externalId: string | undefined }): Role {
  const role = call.account.roles.list().find(({ arn }) => arn === roleArn);
  if (role !== undefined && trusts(role, call, externalId)) return role;
  throw new AwsError('AccessDenied', `User: ${call.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, 403);
}

function trusts(role: Role, call: Call, externalId: string | undefined): boolean {
  const { statements } = parsePolicy(role.trust.effective(call.at), 'trust');
  const forCaller = statements.filter((statement) => namesCaller(statement, call));
  const base = requestContext(call.account, call.caller, call);
  const context = new Map([...base, ...contextOf({ 'sts:ExternalId': externalId })]);
  const request = { action: 'sts:AssumeRole', resource: role.arn, context };
  return policyMatches({ statements: forCaller }, 'Allow', request) && !policyMatches({ statements: forCaller }, 'Deny', request);
}

/** `arn:…:root` or the account id stands for everybody in the account. */
function namesCaller({ principals }: Statement, { account, caller, callerArn }: Call): boolean {
  const { bearer } = caller;
  const names = ['*', account.id, `arn:aws:iam::${account.id}:root`, callerArn, bearer.kind === 'role' ? bearer.role.arn : bearer.user.arn];
  return principals?.some((principal) => names.includes(principal)) === true;
}
