import { DENY_GROUP } from '../../contracts/names.js';
import { DENY_ALL_DOCUMENT } from './documents.js';
import { denyAllBoundaryArn, inlineDenyName, quarantinePolicyArn } from './measure-calls.js';
import type { Draft, PlanScope } from './planned.js';
import { denyVersionProblem } from './policy-version-safety.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';

/** Attached managed policies per user or role: quota 10 by default, 20 at most (IAM quotas). */
const ATTACHED_QUOTA = 10;
/** Groups a user can be in (IAM quotas). */
const GROUP_QUOTA = 10;
/** Inline policy characters, white space not counted (IAM quotas). */
const INLINE_QUOTA = { user: 2048, role: 10_240 } as const;

/**
 * The denies on a user or role itself: managed, inline, boundary, all at once (aws-domain 2.2, C2). Where a quota leaves no
 * room for the first two, a user joins the deny group; at last the principal's own policy gets a denying version, if it is
 * nobody else's.
 */
export function addDenyLayers(draft: Draft, { snapshot, scope }: { snapshot: PrincipalSnapshot; scope: PlanScope }): void {
  const kind = snapshot.kind === 'role' ? 'role' : 'user';
  const managed = addManaged(draft, { snapshot, scope, kind });
  const inline = addInline(draft, { snapshot, scope, kind });
  draft.add('putBoundary', denyAllBoundaryArn(scope.principal));
  if (managed || inline) return;
  if (kind === 'user') addGroup(draft, snapshot);
  addDenyVersion(draft, snapshot);
}

type Context = { readonly snapshot: PrincipalSnapshot; readonly scope: PlanScope; readonly kind: 'user' | 'role' };

function addManaged(draft: Draft, { snapshot, scope, kind }: Context): boolean {
  const arn = quarantinePolicyArn(scope.principal);
  const attached = snapshot.attachedPolicyArns.filter((one) => one !== arn).length;
  if (snapshot.quarantinePolicy !== 'present')
    draft.doesNotStop.push(`managed layer left out: ${arn} is ${snapshot.quarantinePolicy}; tourniquet doctor tells how to make it`);
  else if (attached >= ATTACHED_QUOTA)
    draft.doesNotStop.push(`managed layer left out: the ${kind} has ${attached} of ${ATTACHED_QUOTA} attached policies`);
  else {
    draft.add('attachQuarantinePolicy', arn);
    return true;
  }
  return false;
}

function addInline(draft: Draft, { snapshot, scope, kind }: Context): boolean {
  const name = inlineDenyName(scope.incidentId);
  const used = snapshot.inlinePolicies
    .filter((policy) => policy.name !== name)
    .reduce((sum, policy) => sum + policy.document.replaceAll(/\s/g, '').length, 0);
  if (used + DENY_ALL_DOCUMENT.length > INLINE_QUOTA[kind]) {
    draft.doesNotStop.push(`inline layer left out: ${used} of ${INLINE_QUOTA[kind]} characters are used`);
    return false;
  }
  draft.add(kind === 'role' ? 'denyRole' : 'denyUser', name);
  return true;
}

function addGroup(draft: Draft, { denyGroup, groups }: PrincipalSnapshot): void {
  if (denyGroup !== 'present') draft.doesNotStop.push(`deny group left out: the group ${DENY_GROUP} is ${denyGroup}`);
  else if (groups.filter((name) => name !== DENY_GROUP).length >= GROUP_QUOTA)
    draft.doesNotStop.push(`deny group left out: the user is in ${groups.length} of ${GROUP_QUOTA} groups`);
  else draft.add('joinDenyGroup', DENY_GROUP);
}

function addDenyVersion(draft: Draft, { kind, ownPolicies }: PrincipalSnapshot): void {
  if (ownPolicies.length === 0) draft.doesNotStop.push(`denying version left out: no customer managed policy is attached to the ${kind}`);
  for (const policy of ownPolicies) {
    const problem = denyVersionProblem(policy);
    if (problem === undefined) return draft.add('setDenyVersion', policy.arn);
    draft.doesNotStop.push(`denying version left out: ${problem}`);
  }
}
