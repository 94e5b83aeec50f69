import { MAX_SINGLE_SESSIONS, type Principal } from '../../contracts/principal.js';
import { addDenyLayers } from './deny-layers.js';
import { closedTrustTarget } from './measure-calls.js';
import { createDraft, type Draft, type Planned, type PlanScope } from './planned.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';
import { addScpMeasures } from './scp-measures.js';

/**
 * Every call that stops an IAM role (aws-domain 1.1). The whole role: denies for the sessions that live, a closed trust policy for
 * new ones, and the compute that would draw its credentials again. A role that others use is stopped session by session
 * where the intruder's sessions are known (D4): the others go on.
 */
export function roleMeasures(snapshot: PrincipalSnapshot, scope: PlanScope): Planned {
  const draft = createDraft(scope);
  const { sessions = [] } = scope.principal;
  if (stopsSessionsOnly(scope)) stopSessions(draft, { snapshot, scope, sessions });
  else stopWhole(draft, { snapshot, scope });
  draft.doesNotStop.push('calls that AWS accepts within a few seconds, until the denies have spread (the watch looks for them)');
  addRolesAnywhere(draft, snapshot);
  addPodIdentity(draft, snapshot);
  return draft;
}

/** Of a role that others use, only the intruder's known sessions are stopped, as long as they can be counted. */
export function stopsSessionsOnly({ principal, shared }: { principal: Pick<Principal, 'kind' | 'sessions'>; shared: boolean }): boolean {
  const { length } = principal.sessions ?? [];
  return principal.kind === 'role' && shared && length > 0 && length <= MAX_SINGLE_SESSIONS;
}

interface Context {
  readonly snapshot: PrincipalSnapshot;
  readonly scope: PlanScope;
}

function stopSessions(draft: Draft, { snapshot, scope, sessions }: Context & { sessions: readonly string[] }): void {
  addScpMeasures(draft, { snapshot, scope, sessions });
  for (const session of sessions) draft.add('denySession', session);
  draft.doesNotStop.push(
    'a new session of the role under another name, as long as who assumed it is not contained too: workloads use the role, so its trust stays open',
  );
}

function stopWhole(draft: Draft, { snapshot, scope }: Context): void {
  addScpMeasures(draft, { snapshot, scope });
  addDenyLayers(draft, { snapshot, scope });
  const { principal } = scope;
  if (snapshot.trustPolicy === undefined) draft.doesNotStop.push('new sessions: the trust policy could not be read, so it is not closed');
  else draft.add('closeTrust', closedTrustTarget(principal, snapshot.trustPolicy));
  for (const { arn } of snapshot.functions) draft.add('stopFunction', arn);
  for (const { id, region, httpTokens } of snapshot.instances) {
    draft.add('detachInstanceProfile', `${region}/${id}`);
    if (httpTokens === 'optional') draft.add('requireImdsV2', `${region}/${id}`);
  }
  draft.doesNotStop.push('a call by one session only: the whole role is stopped');
  if (snapshot.instances.length > 0)
    draft.doesNotStop.push('credentials an instance has already handed out: they live until they expire and are denied meanwhile');
}

/** AWS has no call that ends one certificate's sessions; anchors and profiles are others' too (aws-domain 1.1). */
function addRolesAnywhere(draft: Draft, { trustPolicy = '' }: PrincipalSnapshot): void {
  if (!trustPolicy.includes('rolesanywhere.amazonaws.com')) return;
  draft.guidance.push({
    title: 'The role is handed out by IAM Roles Anywhere: disable the anchor or the profile that issues it',
    why: 'which anchor and profile are the intruder’s is not visible in IAM, and disabling them stops other workloads',
    commands: [
      'aws rolesanywhere list-trust-anchors',
      'aws rolesanywhere list-profiles',
      'aws rolesanywhere list-subjects',
      'aws rolesanywhere disable-trust-anchor --trust-anchor-id TRUST_ANCHOR_ID',
      'aws rolesanywhere disable-profile --profile-id PROFILE_ID',
    ],
  });
  draft.doesNotStop.push('new sessions through IAM Roles Anywhere of other roles, until a person disables the anchor or profile');
}

function addPodIdentity(draft: Draft, { trustPolicy = '', name }: PrincipalSnapshot): void {
  if (!trustPolicy.includes('pods.eks.amazonaws.com')) return;
  draft.guidance.push({
    title: `The role is handed out by EKS Pod Identity: delete the association of ${name}`,
    why: 'the association is in the cluster, which Tourniquet does not reach; without it running pods go on with the credentials they have, which are denied',
    commands: [
      'aws eks list-clusters',
      'aws eks list-pod-identity-associations --cluster-name CLUSTER',
      'aws eks delete-pod-identity-association --cluster-name CLUSTER --association-id ASSOCIATION_ID',
    ],
  });
}
