import { parsePayload } from '../../src/contracts/failures.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { EvidenceRef } from '../../src/contracts/primitives.js';
import type { Rails } from '../../src/contracts/policies.js';
import { PlanInput } from '../../src/contracts/watch.js';
import { canonicalJson, sha256Of } from '../../src/domain/canonical-json.js';
import { isAbout } from '../../src/domain/planning/about.js';
import { blastRadiusOf } from '../../src/domain/planning/blast-radius.js';
import { planPrincipal } from '../../src/domain/planning/plan-principal.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import { type OwnIdentityOf, ownIdentityTowards } from './own-identity.js';
import { createPartReader } from './part-reader.js';
import { readAccountState } from './read-account-state.js';
import { readSnapshot, type SnapshotDeps } from './read-snapshot.js';
import type { RecentCallers } from './recent-callers.js';

export interface PlanContainmentDeps extends SnapshotDeps {
  readonly ownIdentity: OwnIdentityOf;
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
    const input = parsePayload(PlanInput, raw, 'plan input');
    const { incidentId, principal, alerts } = input;
    const [own, rails] = await Promise.all([ownIdentityTowards(principal.account, deps), deps.rails()]);
    const [snapshot, recent, accountStateRef] = await Promise.all([
      readSnapshot(deps, { principal, incidentId, role: 'Reader', readBy: own.arn, depth: 'plan' }),
      deps.recentCallers(principal),
      keepAccountState(deps, input),
    ]);
    const snapshotRef = await keep(deps, `${incidentId}/snapshots/${principal.uniqueId}-${sha256Of(snapshot).slice(0, 16)}.json`, snapshot);
    // Another principal's alert says nothing about this one: what descends from a theft needs a person, or the events of the descent.
    const about = alerts.filter((alert) => isAbout(alert, { principal, snapshot }));
    const blastRadius = blastRadiusOf({ snapshot, recent, alerts: about, nowMs: Date.parse(deps.now()) });
    return planPrincipal({
      incidentId,
      principal,
      snapshot,
      snapshotRef,
      accountStateRef,
      blastRadius,
      alerts: about,
      suspiciousSinceMs: Math.min(...alerts.map((alert) => Date.parse(alert.firstSeenAt))),
      rails,
      ourIds: own.chain,
      escalated: input.escalated ?? false,
      descent: input.descent,
      plannedAt: deps.now(),
    });
  };
}

/** The account as it is before anything is written. Without it, only what was made since the suspicion is found as growth. */
async function keepAccountState(deps: PlanContainmentDeps, { incidentId, principal }: PlanInput): Promise<EvidenceRef | undefined> {
  const scope = { account: principal.account, role: 'Reader', incidentId } as const;
  const state = await createPartReader([])('account state', undefined, () => readAccountState(deps.access.iam(scope), deps.now()));
  if (state === undefined) return undefined;
  return keep(deps, `${incidentId}/snapshots/account-${principal.account}-${sha256Of(state).slice(0, 16)}.json`, state);
}

function keep({ evidence }: PlanContainmentDeps, path: string, value: unknown): Promise<EvidenceRef> {
  return evidence.put(path, Buffer.from(canonicalJson(value)));
}
