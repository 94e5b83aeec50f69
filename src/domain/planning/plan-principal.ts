import type { Alert } from '../../contracts/alert.js';
import type { BlastRadius, Plan } from '../../contracts/plan.js';
import type { Rails } from '../../contracts/policies.js';
import type { Principal } from '../../contracts/principal.js';
import type { EvidenceRef } from '../../contracts/primitives.js';
import { canonicalJson, sha256Of } from '../canonical-json.js';
import { beforeValues } from './before-values.js';
import { measureCallFor, revokeSessionsName } from './measure-calls.js';
import { railRefusals } from './rails.js';
import { roleMeasures } from './role-measures.js';
import { tierFor } from './tier.js';
import { userMeasures } from './user-measures.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';

/** What a plan is made of; all of it was read, nothing is written here. */
export interface PlanPrincipalInput {
  readonly incidentId: string;
  readonly principal: Principal;
  readonly snapshot: PrincipalSnapshot;
  readonly snapshotRef: EvidenceRef;
  readonly blastRadius: BlastRadius;
  /** Those about this principal. */
  readonly alerts: readonly Alert[];
  /** First suspicious moment of the incident, epoch ms: credentials made since are the intruder's. */
  readonly suspiciousSinceMs: number;
  readonly rails: Rails;
  readonly ourUniqueId: string;
  readonly plannedAt: string;
}

/** SHA-256 over the sorted calls of containment and recovery and nothing else: what a consent puts its name to. */
export function planHash({ measures, recovery }: Pick<Plan, 'measures' | 'recovery'>): string {
  return sha256Of([...measures.map(canonicalJson).toSorted(), 'recovery', ...recovery.map(canonicalJson).toSorted()]);
}

/** Plans the containment of one IAM user or role: measures, tier, refusals, and what the plan cannot stop. */
export function planPrincipal(input: PlanPrincipalInput): Plan {
  const { principal, snapshot, rails } = input;
  const { tier, reasons, quorum } = tierFor({ snapshot, blastRadius: input.blastRadius, alerts: input.alerts, rails });
  const scope = { principal, incidentId: input.incidentId };
  const planned = principal.kind === 'role' ? roleMeasures(snapshot, scope) : userMeasures(snapshot, { ...scope, tier });
  const { measures, doesNotStop } = planned;
  const recovery = [measureCallFor({ measure: 'revokeSessions', target: revokeSessionsName(input.incidentId) }, scope)];
  const refusals = railRefusals(principal, { rails, ourArn: snapshot.readBy, ourUniqueId: input.ourUniqueId });
  return {
    principal,
    tier,
    tierReasons: reasons,
    quorum,
    measures,
    recovery,
    doesNotStop: [...doesNotStop, ...snapshot.notRead.map((part) => `not read: ${part}`)],
    blastRadius: input.blastRadius,
    before: beforeValues(measures, { snapshot, suspiciousSinceMs: input.suspiciousSinceMs }),
    refusals,
    snapshotRef: input.snapshotRef,
    plannedAt: input.plannedAt,
    planSha256: planHash({ measures, recovery }),
  };
}
