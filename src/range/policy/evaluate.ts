import { conditionHolds } from './conditions.js';
import { fillVariables, type RequestContext } from './context.js';
import type { PolicyDocument, Statement } from './document.js';
import { matchesArn, matchesWildcard } from './wildcard.js';

/** A policy with the name under which the simulator reports it. */
export type NamedPolicy = {
  readonly id: string;
  readonly type: 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed';
  readonly document: PolicyDocument;
};

/** Everything that limits one principal. Absent layers do not limit. */
export type PolicySet = {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: readonly NamedPolicy[];
  readonly session?: readonly NamedPolicy[];
};

/** What is asked. */
export type AccessRequest = { readonly action: string; readonly resource: string; readonly context: RequestContext };

/** The answer, with the layer that gave it. */
export type Decision = {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly layer: 'identity' | 'boundary' | 'session';
  readonly matched: readonly NamedPolicy[];
};

/** Decides deny-first: an explicit deny in any layer wins, then every layer present must allow. */
export function evaluate(policies: PolicySet, request: AccessRequest): Decision {
  const layers = [
    { layer: 'identity', policies: policies.identity },
    { layer: 'boundary', policies: policies.boundary },
    { layer: 'session', policies: policies.session },
  ] as const;
  for (const { layer, policies: some } of layers) {
    const matched = matching(some ?? [], { effect: 'Deny', request });
    if (matched.length > 0) return { decision: 'explicitDeny', layer, matched };
  }
  for (const { layer, policies: some } of layers) {
    if (some !== undefined && matching(some, { effect: 'Allow', request }).length === 0)
      return { decision: 'implicitDeny', layer, matched: [] };
  }
  return { decision: 'allowed', layer: 'identity', matched: matching(policies.identity, { effect: 'Allow', request }) };
}

/** Whether a policy says anything of this effect about the request. */
export function policyMatches(document: PolicyDocument, effect: Statement['effect'], request: AccessRequest): boolean {
  return document.statements.some((statement) => statement.effect === effect && statementMatches(statement, request));
}

function matching(
  policies: readonly NamedPolicy[],
  { effect, request }: { effect: Statement['effect']; request: AccessRequest },
): NamedPolicy[] {
  return policies.filter(({ document }) => policyMatches(document, effect, request));
}

function statementMatches(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  return (
    actionMatches(statement, action) &&
    resourceMatches(statement, { resource, context }) &&
    statement.conditions.every((condition) => conditionHolds(condition, context))
  );
}

function actionMatches({ actions, notActions }: Statement, action: string): boolean {
  const fits = (pattern: string): boolean => matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
  return actions === undefined ? notActions !== undefined && !notActions.some(fits) : actions.some(fits);
}

function resourceMatches(
  { resources, notResources }: Statement,
  { resource, context }: { resource: string; context: RequestContext },
): boolean {
  const fits = (pattern: string): boolean => {
    const filled = fillVariables(pattern, context);
    return filled !== undefined && (resource === '*' ? filled === '*' : matchesArn(filled, resource));
  };
  if (notResources !== undefined) return !notResources.some(fits);
  return resources === undefined || resources.some(fits);
}
