import { conditionHolds } from './conditions.js';
import { fillVariables, type RequestContext } from './context.js';
import type { PolicyDocument, Statement } from './document.js';
import { matchesResource, matchesWildcard } from './wildcard.js';

/** A policy with the name under which the simulator reports it. */
export type NamedPolicy = {
  readonly id: string;
  readonly type: 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed' | 'scp';
  readonly document: PolicyDocument;
};

/** Everything that limits one principal. Absent layers do not limit. */
export type PolicySet = {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: readonly NamedPolicy[];
  readonly session?: readonly NamedPolicy[];
  /** Service control policies, level by level from the root to the account: every level must allow. */
  readonly scp?: readonly (readonly NamedPolicy[])[];
};

/**
 * Which layers need not allow, because a resource policy of the same account names the caller: a role's ARN stands in for its
 * identity policies only, the ARN of a user or a session for boundary and session policies too (IAM user guide,
 * "Policy evaluation for requests within a single account").
 */
export type ResourceGrant = 'identity' | 'all';

/** What is asked. */
export type AccessRequest = {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  readonly grant?: ResourceGrant;
};

/** The kinds of policies, in the order in which a refusal names them. */
export type Layer = 'scp' | 'identity' | 'boundary' | 'session';

/** The answer, with the layer that gave it. */
export type Decision = {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly layer: Layer;
  readonly matched: readonly NamedPolicy[];
};

/** Decides deny-first: an explicit deny in any layer wins, then every layer present must allow. */
export function evaluate(policies: PolicySet, request: AccessRequest): Decision {
  const layers = layersOf(policies);
  for (const { layer, policies: some } of layers) {
    const matched = matching(some, { effect: 'Deny', request });
    if (matched.length > 0) return { decision: 'explicitDeny', layer, matched };
  }
  for (const { layer, policies: some } of layers) {
    if (!isGranted(layer, request.grant) && matching(some, { effect: 'Allow', request }).length === 0)
      return { decision: 'implicitDeny', layer, matched: [] };
  }
  return { decision: 'allowed', layer: 'identity', matched: matching(policies.identity, { effect: 'Allow', request }) };
}

function layersOf({ scp = [], identity, boundary, session }: PolicySet): { layer: Layer; policies: readonly NamedPolicy[] }[] {
  return [
    ...scp.map((policies) => ({ layer: 'scp' as const, policies })),
    { layer: 'identity', policies: identity },
    ...(boundary === undefined ? [] : [{ layer: 'boundary' as const, policies: boundary }]),
    ...(session === undefined ? [] : [{ layer: 'session' as const, policies: session }]),
  ];
}

function isGranted(layer: Layer, grant: ResourceGrant | undefined): boolean {
  return (grant !== undefined && layer === 'identity') || (grant === 'all' && layer !== 'scp');
}

/** Whether the SCPs alone let a request pass: every level allows it and none denies it. */
export function allowedByOrganizations(scp: NonNullable<PolicySet['scp']>, request: AccessRequest): boolean {
  return scp.every(
    (level) => matching(level, { effect: 'Deny', request }).length === 0 && matching(level, { effect: 'Allow', request }).length > 0,
  );
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
    return filled !== undefined && (resource === '*' ? filled === '*' : matchesResource(filled, resource));
  };
  if (notResources !== undefined) return !notResources.some(fits);
  return resources === undefined || resources.some(fits);
}
