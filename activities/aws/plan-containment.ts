import type { IAMClient } from '@aws-sdk/client-iam';
import { parsePayload } from '../../src/contracts/failures.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { Rails } from '../../src/contracts/policies.js';
import { PlanInput } from '../../src/contracts/watch.js';
import { canonicalJson, sha256Of } from '../../src/domain/canonical-json.js';
import { isAbout } from '../../src/domain/planning/about.js';
import { blastRadiusOf } from '../../src/domain/planning/blast-radius.js';
import { planPrincipal } from '../../src/domain/planning/plan-principal.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import type { OwnIdentity } from './own-identity.js';
import { readSnapshot } from './read-snapshot.js';
import type { RecentCallers } from './recent-callers.js';

export interface PlanContainmentDeps {
  readonly iam: IAMClient;
  readonly ownIdentity: () => Promise<OwnIdentity>;
  readonly recentCallers: RecentCallers;
  readonly rails: () => Promise<Rails>;
  readonly evidence: EvidenceStore;
  readonly now: () => string;
}

/**
 * Reads the principal and plans its containment; writes nothing to AWS. The snapshot goes to the evidence
 * store under its own hash, so planning twice keeps both readings. Needs what `readSnapshot` and
 * `recentCallers` need.
 *
 * @throws TargetNotFound, PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createPlanContainment(deps: PlanContainmentDeps): (input: PlanInput) => Promise<Plan> {
  return async (raw) => {
    const { incidentId, principal, alerts } = parsePayload(PlanInput, raw, 'plan input');
    const [own, rails] = await Promise.all([deps.ownIdentity(), deps.rails()]);
    const [snapshot, recent] = await Promise.all([readSnapshot(deps.iam, { principal, readBy: own.arn }), deps.recentCallers(principal)]);
    const snapshotRef = await deps.evidence.put(
      `${incidentId}/snapshots/${principal.uniqueId}-${sha256Of(snapshot).slice(0, 16)}.json`,
      Buffer.from(canonicalJson(snapshot)),
    );
    // Another principal's alert says nothing about this one: what only descends from a theft needs a person.
    const about = alerts.filter((alert) => isAbout(alert, { principal, snapshot }));
    const blastRadius = blastRadiusOf({ snapshot, recent, alerts: about, nowMs: Date.parse(deps.now()) });
    return planPrincipal({
      incidentId,
      principal,
      snapshot,
      snapshotRef,
      blastRadius,
      alerts: about,
      suspiciousSinceMs: Math.min(...alerts.map((alert) => Date.parse(alert.firstSeenAt))),
      rails,
      ourUniqueId: own.uniqueId,
      plannedAt: deps.now(),
    });
  };
}
