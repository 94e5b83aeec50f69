import { scpSubjectOf } from './measure-calls.js';
import type { Draft, PlanScope } from './planned.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';
import { scpTargetOf } from './scp-documents.js';

/**
 * The layer above the account: an entry in the quarantine SCP, which nobody in the account can take off (aws-domain 2.2, C1).
 * While somebody fights the containment, whatever makes new access in the account is frozen too. Sessions are given where
 * only those are to be stopped.
 */
export function addScpMeasures(
  draft: Draft,
  { snapshot, scope, sessions }: { snapshot: PrincipalSnapshot; scope: PlanScope; sessions?: readonly string[] },
): void {
  const { scp } = snapshot;
  const { principal, escalated } = scope;
  if (scp === undefined) return void draft.doesNotStop.push('SCP layer left out: no organization is configured');
  if (scp.isManagement) return void draft.doesNotStop.push('SCP layer left out: no SCP binds the management account');
  if (scp.quarantinePolicyIds.length === 0)
    return void draft.doesNotStop.push('SCP layer left out: no quarantine SCP is attached above this account; tourniquet doctor tells how');
  const targets = sessions === undefined ? [scpSubjectOf(principal)] : sessions.map((session) => scpSubjectOf(principal, session));
  for (const subject of targets) draft.add('quarantineByScp', scpTargetOf(subject));
  if (escalated) draft.add('freezeMinting', scpTargetOf({ kind: 'minting', account: principal.account }));
}

/** Is something in the plan that the principal cannot take off itself? */
export function isGuarded(snapshot: PrincipalSnapshot, measures: Draft['measures']): boolean {
  const has = (name: string): boolean => measures.some(({ measure }) => measure === name);
  return has('quarantineByScp') || (has('attachQuarantinePolicy') && snapshot.scp?.guard === 'present' && !snapshot.scp.isManagement);
}
