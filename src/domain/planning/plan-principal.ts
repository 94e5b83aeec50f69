import type { Alert } from '../../contracts/alert.js';
import type { DescentEdge } from '../../contracts/authority.js';
import type { BlastRadius, Plan } from '../../contracts/plan.js';
import type { Rails } from '../../contracts/policies.js';
import type { Principal } from '../../contracts/principal.js';
import type { EvidenceRef } from '../../contracts/primitives.js';
import { canonicalJson, sha256Of } from '../canonical-json.js';
import { beforeValues } from './before-values.js';
import { measureCallFor, revokeSessionsName } from './measure-calls.js';
import { railRefusals } from './rails.js';
import { identityCenterMeasures } from './identity-center-measures.js';
import type { Planned, PlanScope } from './planned.js';
import { roleMeasures, stopsSessionsOnly } from './role-measures.js';
import { rootMeasures } from './root-measures.js';
import { isGuarded } from './scp-measures.js';
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
  /** Unique ids of everybody we act through. */
  readonly ourIds: readonly string[];
  /** Somebody fights the containment. */
  readonly escalated: boolean;
  readonly descent?: readonly DescentEdge[] | undefined;
  readonly accountStateRef?: EvidenceRef | undefined;
  readonly plannedAt: string;
}

const PLANNERS: Readonly<Record<Principal['kind'], (snapshot: PrincipalSnapshot, scope: PlanScope) => Planned>> = {
  user: userMeasures,
  role: roleMeasures,
  identityCenterUser: identityCenterMeasures,
  root: rootMeasures,
};

/** SHA-256 over the sorted calls of containment and recovery and nothing else: what a consent puts its name to. */
export function planHash({ measures, recovery }: Pick<Plan, 'measures' | 'recovery'>): string {
  return sha256Of([...measures.map(canonicalJson).toSorted(), 'recovery', ...recovery.map(canonicalJson).toSorted()]);
}

/** Plans the containment of one principal: measures, tier, refusals, and what the plan cannot stop. */
export function planPrincipal(input: PlanPrincipalInput): Plan {
  const { principal, snapshot, rails } = input;
  const shared = input.blastRadius.legitimateUseLast24h;
  const { tier, reasons, quorum } = tierFor({
    snapshot,
    blastRadius: input.blastRadius,
    alerts: input.alerts,
    rails,
    freezesAccount: input.escalated,
    descent: input.descent,
    sessionsOnly: stopsSessionsOnly({ principal, shared }),
  });
  const scope = { principal, incidentId: input.incidentId, tier, shared, escalated: input.escalated };
  const { measures, doesNotStop, guidance } = PLANNERS[principal.kind](snapshot, scope);
  const recovery = hasPolicies(principal)
    ? [measureCallFor({ measure: 'revokeSessions', target: revokeSessionsName(input.incidentId) }, scope)]
    : [];
  const refusals = railRefusals(principal, { rails, ourArn: snapshot.readBy, ourIds: input.ourIds });
  return {
    principal,
    tier,
    tierReasons: reasons,
    quorum,
    measures,
    recovery,
    guarded: isGuarded(snapshot, measures),
    guidance,
    doesNotStop: [...doesNotStop, ...snapshot.notRead.map((part) => `not read: ${part}`)],
    blastRadius: input.blastRadius,
    before: beforeValues(measures, { snapshot, suspiciousSinceMs: input.suspiciousSinceMs }),
    refusals,
    snapshotRef: input.snapshotRef,
    ...(input.accountStateRef === undefined ? {} : { accountStateRef: input.accountStateRef }),
    ...(Number.isFinite(input.suspiciousSinceMs) ? { suspiciousSinceAt: new Date(input.suspiciousSinceMs).toISOString() } : {}),
    plannedAt: input.plannedAt,
    planSha256: planHash({ measures, recovery }),
  };
}

/** Users and roles hold policies of their own; to root and to people of Identity Center none can be put. */
export function hasPolicies({ kind }: Pick<Principal, 'kind'>): boolean {
  return kind === 'user' || kind === 'role';
}
