import type { Alert } from '../../contracts/alert.js';
import type { BlastRadius, MeasureCall, Plan } from '../../contracts/plan.js';
import type { Rails } from '../../contracts/policies.js';
import type { Principal } from '../../contracts/principal.js';
import type { EvidenceRef } from '../../contracts/primitives.js';
import { canonicalJson, sha256Of } from '../canonical-json.js';
import { beforeValues } from './before-values.js';
import { railRefusals } from './rails.js';
import { tierFor } from './tier.js';
import { userMeasures } from './user-measures.js';
import type { UserSnapshot } from './user-snapshot.js';

/** What a plan is made of; all of it was read, nothing is written here. */
export interface PlanUserInput {
  readonly incidentId: string;
  readonly principal: Principal;
  readonly snapshot: UserSnapshot;
  readonly snapshotRef: EvidenceRef;
  readonly blastRadius: BlastRadius;
  readonly alerts: readonly Alert[];
  readonly rails: Rails;
  readonly ourUniqueId: string;
  readonly plannedAt: string;
}

/** SHA-256 over the sorted measure calls and nothing else: what a consent puts its name to. */
export function planHash(measures: readonly MeasureCall[]): string {
  return sha256Of(measures.map(canonicalJson).toSorted());
}

/** Plans the containment of one IAM user: measures, tier, refusals, and what the plan cannot stop. */
export function planUser(input: PlanUserInput): Plan {
  const { principal, snapshot, rails } = input;
  const { measures, doesNotStop } = userMeasures(snapshot, input);
  const { tier, reasons, quorum } = tierFor({ snapshot, blastRadius: input.blastRadius, alerts: input.alerts, rails });
  const refusals = railRefusals(principal, { rails, ourArn: snapshot.readBy, ourUniqueId: input.ourUniqueId });
  return {
    principal,
    tier,
    tierReasons: reasons,
    quorum,
    measures,
    doesNotStop: [...doesNotStop, ...snapshot.notRead.map((part) => `not read: ${part}`)],
    blastRadius: input.blastRadius,
    before: beforeValues(measures, { snapshot, alerts: input.alerts }),
    refusals,
    snapshotRef: input.snapshotRef,
    plannedAt: input.plannedAt,
    planSha256: planHash(measures),
  };
}
