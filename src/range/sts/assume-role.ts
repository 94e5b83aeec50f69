import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { AwsError, required, validationError } from '../aws-error.js';
import type { Call } from '../server/call.js';
import type { ContextKeys } from '../server/context.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { assumedRoleAnswer, lifeOf, longestSession, mint, ROLE_SESSION_SECONDS, sessionPoliciesOf, sourceIdentityOf } from './mint.js';
import { sessionTagsOf, tagContext } from './session-tags.js';
import { findRole, trustGrant, trusts, type OwnedRole, type TrustQuestion } from './trust.js';

/**
 * AssumeRole, within an account and across accounts. Setting or handing on a source identity, and passing or handing on tags,
 * are actions of their own: the caller's policies and the role's trust must both allow them (IAM user guide, "Monitor and
 * control actions taken with assumed roles", "Pass session tags").
 */
export const assumeRoleOperations: Operations = {
  AssumeRole: operation<AssumeRoleRequest, AssumeRoleResponse>({
    kind: 'credentials',
    access: (input, call) => {
      const { RoleArn: resource = '*' } = input;
      const [first, ...also] = neededActions(input, call).map((action) => ({
        action,
        resource,
        context: contextOf(input),
        grant: grantFor(call, { action, input }),
      }));
      const access: Access = { resources: [resource], context: contextOf(input), also };
      return { ...access, grant: first?.grant };
    },
    run: (input, call) => {
      const sessionName = checkedSessionName(required(input.RoleSessionName, 'RoleSessionName'));
      const { role, owner } = roleToAssume(call, input);
      const sourceIdentity = sourceIdentityOf(call, input.SourceIdentity);
      const seconds = lifeOf(input.DurationSeconds, { ...ROLE_SESSION_SECONDS, max: longestSession(call, role) });
      const policies = sessionPoliciesOf(owner, input);
      const tags = sessionTagsOf(call, input);
      const minted = mint(call, { owner, bearer: { kind: 'role', role, sessionName }, seconds, policies, sourceIdentity, ...tags });
      return {
        ...assumedRoleAnswer(minted, { role, sessionName }),
        ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
      };
    },
    alsoRecordedIn: ({ RoleArn: arn }, call) => findRole(call.account, arn)?.owner,
  }),
};

/** @throws AwsError ValidationError */
function checkedSessionName(name: string): string {
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw validationError(`1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint`);
}

function neededActions({ SourceIdentity, Tags = [] }: AssumeRoleRequest, { caller }: Call): string[] {
  const setsIdentity = (SourceIdentity ?? caller.session?.sourceIdentity) !== undefined;
  const passesTags = Tags.length > 0 || (caller.session?.transitiveTagKeys ?? []).length > 0;
  return ['sts:AssumeRole', ...(setsIdentity ? ['sts:SetSourceIdentity'] : []), ...(passesTags ? ['sts:TagSession'] : [])];
}

function contextOf(input: AssumeRoleRequest): ContextKeys {
  return {
    'sts:ExternalId': input.ExternalId,
    'sts:SourceIdentity': input.SourceIdentity,
    'sts:RoleSessionName': input.RoleSessionName,
    ...tagContext(input),
  };
}

type Asked = { readonly action: string; readonly input: AssumeRoleRequest };

function questionOf({ caller, at, sourceIp, region }: Call, { action, input }: Asked): TrustQuestion {
  return { credential: caller, action, at, sourceIp, region, own: contextOf(input) };
}

function grantFor(call: Call, asked: Asked) {
  const found = findRole(call.account, asked.input.RoleArn);
  return found === undefined ? undefined : trustGrant(call.account, found.role, questionOf(call, asked));
}

/**
 * The role a call names, if its trust policy lets this caller in. The caller's own policies were checked before.
 *
 * @throws AwsError AccessDenied, also when there is no such role: STS does not tell the difference
 */
function roleToAssume(call: Call, input: AssumeRoleRequest): OwnedRole {
  const roleArn = required(input.RoleArn, 'RoleArn');
  // STS API reference, AssumeRole: root credentials cannot be used.
  if (call.caller.bearer.kind === 'root') throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.', 403);
  const found = findRole(call.account, roleArn);
  for (const action of neededActions(input, call)) {
    if (found === undefined || !trusts(call.account, found.role, questionOf(call, { action, input })))
      throw new AwsError('AccessDenied', `User: ${call.callerArn} is not authorized to perform: ${action} on resource: ${roleArn}`, 403);
  }
  if (found === undefined) throw new Error('a role without a trust policy was assumed');
  return found;
}
