import { createDraft, type Planned, type PlanScope } from './planned.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';
import { addScpMeasures } from './scp-measures.js';

/**
 * Every call that stops a person of Identity Center in one account (aws-domain 1.1): IAM cannot change the reserved roles, so the
 * SCP denies the person (D5), each permission set denies the person inside it, and its assignments to the account are taken.
 */
export function identityCenterMeasures(snapshot: PrincipalSnapshot, scope: PlanScope): Planned {
  const draft = createDraft(scope);
  const { principal } = scope;
  addScpMeasures(draft, { snapshot, scope });
  for (const { arn, name, direct } of snapshot.permissionSets) {
    draft.add('denyInPermissionSet', arn);
    if (direct) draft.add('deleteAssignment', arn);
    else draft.doesNotStop.push(`${name} comes through a group: the assignment stays, the person is denied inside the permission set`);
  }
  if (snapshot.permissionSets.length === 0)
    draft.doesNotStop.push('permission sets: none of this person was found in the account, or they could not be read');
  draft.doesNotStop.push(
    'the portal session, and new ones: AWS has no call that ends them (disable the user and delete its sessions in the console)',
    'calls in other accounts, except by the SCP, which denies the person in all accounts below it',
  );
  draft.guidance.push({
    title: `Disable ${principal.name} in Identity Center and end the portal session`,
    why: 'no public API ends a person’s sessions, and whether UpdateUser may disable one depends on the identity source',
    commands: [
      'IAM Identity Center console → Users → the user → Disable user access',
      'IAM Identity Center console → Users → the user → Active sessions → Delete session',
    ],
  });
  return draft;
}
