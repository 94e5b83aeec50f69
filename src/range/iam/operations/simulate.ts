import type { ContextEntry, EvaluationResult, SimulatePrincipalPolicyRequest, SimulatePolicyResponse } from '@aws-sdk/client-iam';
import { noSuchEntity, required } from '../../aws-error.js';
import { contextOf, type RequestContext } from '../../policy/context.js';
import { parsePolicy } from '../../policy/document.js';
import { allowedByOrganizations, evaluate, type AccessRequest, type NamedPolicy, type PolicySet } from '../../policy/evaluate.js';
import { operation, type Operations } from '../../server/operation.js';
import type { Call } from '../../server/call.js';
import { policiesOf, scpsOf } from '../effective-policies.js';
import type { Group, Role, User } from '../model.js';
import { pageOf } from '../paging.js';

/** The policy simulator: the configured policies and the same evaluator as enforcement, SCPs with their conditions included, so propagation and key status do not show. */
export const simulateOperations: Operations = {
  SimulatePrincipalPolicy: operation<SimulatePrincipalPolicyRequest, SimulatePolicyResponse>({
    kind: 'read',
    access: ({ PolicySourceArn: arn = '*' }) => ({ resources: [arn] }),
    run: (input, call) => {
      const principal = principalOf(call, required(input.PolicySourceArn, 'PolicySourceArn'));
      const own = policiesOf(call.account, { principal, moment: 'configured' });
      const policies = { ...withExtraPolicies(own, input), ...scpsOf(call.account, { principal, moment: 'configured' }) };
      const context = simulatedContext(call, principal, input.ContextEntries ?? []);
      const resources = input.ResourceArns === undefined || input.ResourceArns.length === 0 ? ['*'] : input.ResourceArns;
      const results = required(input.ActionNames, 'ActionNames').flatMap((action) =>
        resources.map((resource) => result(policies, { action, resource, context })),
      );
      const { page, paging } = pageOf(results, input);
      return { EvaluationResults: page, ...paging };
    },
  }),
};

function principalOf(call: Call, arn: string): User | Role | Group {
  const { users, roles, groups } = call.account;
  const found = [...users.list(call.view), ...roles.list(call.view), ...groups.list(call.view)].find((one) => one.arn === arn);
  if (found === undefined) throw noSuchEntity('principal', arn);
  return found;
}

function withExtraPolicies(policies: PolicySet, input: SimulatePrincipalPolicyRequest): PolicySet {
  const named = (texts: readonly string[] | undefined, id: string): NamedPolicy[] =>
    (texts ?? []).map((text, index) => ({ id: `${id}.${index + 1}`, type: 'user', document: parsePolicy(text) }));
  const boundary = input.PermissionsBoundaryPolicyInputList;
  return {
    ...policies,
    identity: [...policies.identity, ...named(input.PolicyInputList, 'PolicyInputList')],
    ...(boundary === undefined ? {} : { boundary: named(boundary, 'PermissionsBoundaryPolicyInputList') }),
  };
}

/** The simulator fills in who the principal is; everything else, such as `aws:TokenIssueTime`, only when the caller gives it. */
function simulatedContext({ account }: Call, principal: User | Role | Group, entries: readonly ContextEntry[]): RequestContext {
  const own = {
    'aws:PrincipalArn': principal.arn,
    'aws:PrincipalAccount': account.id,
    'aws:PrincipalOrgID': account.organization?.id,
    ...(principal.kind === 'user' ? { 'aws:username': principal.name, 'aws:userid': principal.id } : {}),
  };
  const given = entries.map(({ ContextKeyName: key = '', ContextKeyValues: values = [] }) => [key, values] as const);
  return contextOf({ ...own, ...Object.fromEntries(given) });
}

function result(policies: PolicySet, request: AccessRequest): EvaluationResult {
  const { decision, layer, matched } = evaluate(policies, request);
  return {
    EvalActionName: request.action,
    EvalResourceName: request.resource,
    EvalDecision: decision,
    MatchedStatements: matched.map(({ id, type }) => ({ SourcePolicyId: id, SourcePolicyType: type === 'scp' ? 'none' : type })),
    MissingContextValues: [],
    ...(policies.scp === undefined
      ? {}
      : { OrganizationsDecisionDetail: { AllowedByOrganizations: allowedByOrganizations(policies.scp, request) } }),
    ...(policies.boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: !(layer === 'boundary' && decision !== 'allowed') } }),
  };
}
