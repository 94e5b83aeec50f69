import type { MeasureCall } from '../../contracts/plan.js';
import type { Principal } from '../../contracts/principal.js';
import { DENY_ALL_DOCUMENT } from './documents.js';
import { closedTrustTarget, denyAllBoundaryArn, inlineDenyName, measureCallFor } from './measure-calls.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';

/** Inline policy characters per role, white space not counted (IAM quotas). */
const INLINE_QUOTA = 10_240;

/**
 * Every call that stops an IAM role: deny for the sessions that live, a closed trust policy for new ones
 * (aws-domain 1.1). The whole role stops, workloads included.
 */
export function roleMeasures(
  snapshot: PrincipalSnapshot,
  scope: { principal: Principal; incidentId: string },
): { measures: MeasureCall[]; doesNotStop: string[] } {
  const { principal, incidentId } = scope;
  const measures: MeasureCall[] = [];
  const doesNotStop = ['calls that AWS accepts within a few seconds, until the denies have spread (the watch looks for them)'];
  const inline = snapshot.inlinePolicies.filter((policy) => policy.name !== inlineDenyName(incidentId));
  const inlineChars = inline.reduce((sum, policy) => sum + policy.document.replaceAll(/\s/g, '').length, 0);
  if (inlineChars + DENY_ALL_DOCUMENT.length > INLINE_QUOTA)
    doesNotStop.push(`inline layer left out: ${inlineChars} of ${INLINE_QUOTA} characters are used`);
  else measures.push(measureCallFor({ measure: 'denyRole', target: inlineDenyName(incidentId) }, scope));
  measures.push(measureCallFor({ measure: 'putBoundary', target: denyAllBoundaryArn(principal) }, scope));
  if (snapshot.trustPolicy === undefined) doesNotStop.push('new sessions: the trust policy could not be read, so it is not closed');
  else measures.push(measureCallFor({ measure: 'closeTrust', target: closedTrustTarget(principal, snapshot.trustPolicy) }, scope));
  doesNotStop.push('a call by one session only: the whole role is stopped');
  return { measures, doesNotStop };
}
