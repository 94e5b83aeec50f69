import { z } from 'zod';
import { Alert } from './alert.js';
import { Authority, ConsentAction, DescentEdge } from './authority.js';
import { MeasureResult } from './measure.js';
import { MeasureName, Plan } from './plan.js';
import { Waits } from './playbook.js';
import { Principal } from './principal.js';
import { Id, Instant, Jws, Tier } from './primitives.js';
import { Descendant, GrowthCandidate } from './watch.js';

/** Words of design 4; one meaning everywhere. */
export const ContainmentStatus = z.enum([
  'claimed',
  'planned',
  'needsConsent',
  'applying',
  'applied',
  'quiet',
  'proven',
  'restoring',
  'recovering',
  'sessionHold',
  'released',
  'notContained',
  'handedToPerson',
]);
export type ContainmentStatus = z.infer<typeof ContainmentStatus>;

/** Something only a person can give. The incident opens one task per `needId`. */
export const ContainmentNeed = z.strictObject({
  needId: Id,
  /** consent = signatures; retry = a refused write or unreadable plan; byHand = observe mode or a rail; conflict = undo met a foreign change; cancelled = somebody cancelled, say why. */
  kind: z.enum(['consent', 'retry', 'byHand', 'conflict', 'cancelled']),
  title: z.string(),
  /** What to look at: exact calls, missing permission, blast radius. */
  lookAt: z.array(z.string()),
  choices: z.array(z.string()),
  consent: z
    .strictObject({ action: ConsentAction, tier: Tier, quorum: z.number().int(), planSha256: z.string(), expiresAt: Instant })
    .optional(),
});
export type ContainmentNeed = z.infer<typeof ContainmentNeed>;

/** The short form of a plan for views. */
export const PlanSummary = z.strictObject({
  planSha256: z.string(),
  tier: Tier,
  quorum: z.number().int(),
  measures: z.array(z.strictObject({ measure: MeasureName, target: Id })),
  doesNotStop: z.array(z.string()),
  refusals: z.array(z.string()),
  legitimateUseLast24h: z.boolean(),
});
export type PlanSummary = z.infer<typeof PlanSummary>;

/** The whole view of a containment, sent to its incident on every change. A lower `revision` is ignored. */
export const ContainmentView = z.strictObject({
  containmentId: Id,
  revision: z.number().int(),
  principal: Principal,
  state: ContainmentStatus,
  /** One line for people: where it stands and why. Says "not proven" whenever it is not. */
  headline: z.string(),
  plan: PlanSummary.optional(),
  needs: z.array(ContainmentNeed),
  appliedAt: Instant.optional(),
  effectiveFromAt: Instant.optional(),
  provenAt: Instant.optional(),
  /** The positive signs and the quiet window that `proven` rests on. */
  provenBy: z.array(z.string()),
  /** Times `proven` was withdrawn by a late success. */
  withdrawn: z.number().int(),
  releasedAt: Instant.optional(),
  drifts: z.number().int(),
  /** Measures that AWS refused, with the reason; never green while non-empty. */
  failedMeasures: z.array(z.strictObject({ measure: MeasureName, target: Id, reason: z.string() })),
  /** What the claim does not cover. */
  limits: z.array(z.string()),
  /** Artefacts of ours in AWS right now, as `measure target`. */
  inForce: z.array(z.string()),
  byHand: z.boolean(),
  /** Where the intruder went on from this principal, each with its event. */
  descendants: z.array(Descendant).max(50),
  /** New in the account, by nobody knows whom yet. */
  candidates: z.array(GrowthCandidate).max(50),
  /** News since the last revision for the incident's journal. */
  news: z.array(z.string()),
});
export type ContainmentView = z.infer<typeof ContainmentView>;

/** Incident → containment. */
export const ContainmentOrder = z.discriminatedUnion('order', [
  /** The verdict is in (or the quorum is met): act under this authority. */
  z.strictObject({ order: z.literal('proceed'), authority: Authority }),
  /** New alerts: they may change the tier. */
  z.strictObject({ order: z.literal('newFacts'), alerts: z.array(Alert) }),
  z.strictObject({ order: z.literal('retry') }),
  /** A person says the calls were made by hand: watch, read-only. */
  z.strictObject({ order: z.literal('handDone'), subject: Id }),
  z.strictObject({ order: z.literal('restore'), consents: z.array(Jws) }),
  /** New credentials are there: lift the denies, revoke older sessions, never re-arm the old keys (design 9.4). */
  z.strictObject({ order: z.literal('recover'), consents: z.array(Jws), issuedKeyIds: z.array(Id) }),
  /** `keepConflict`: leave the field somebody changed as it is and go on with the undo. */
  z.strictObject({ order: z.literal('keepConflict'), subject: Id }),
  /** Nothing was written: let go. With measures in force: stop watching, they stay, `reason` says who took over. */
  z.strictObject({
    order: z.literal('release'),
    reason: z.string(),
    /** The principal was deleted, and what was in force with it. */
    gone: z.boolean().optional(),
  }),
  z.strictObject({ order: z.literal('adopt'), ownerWorkflowId: Id, incidentId: Id }),
  /** More sessions of the role turned out to be the intruder's. */
  z.strictObject({ order: z.literal('lineage'), sessions: Principal.shape.sessions.unwrap(), descent: z.array(DescentEdge).optional() }),
  /** From the guard: the stop was lifted, ask again. */
  z.strictObject({ order: z.literal('guardGo') }),
]);
export type ContainmentOrder = z.infer<typeof ContainmentOrder>;

/** Serialisable state of `containPrincipal`; the whole of it survives continue-as-new. */
export const ContainmentState = z.strictObject({
  runs: z.number().int(),
  view: ContainmentView,
  /** Names the artefacts, for ever. */
  incidentId: Id,
  ownerWorkflowId: Id,
  /** The incident that decides now, where another one adopted the containment. */
  ownerIncidentId: Id.optional(),
  alerts: z.array(Alert),
  plan: Plan.optional(),
  authority: Authority.optional(),
  /** When the authority came: consents older than their validity are asked for again. */
  authorityAt: Instant.optional(),
  /** The plan that the consents of `authority` are for; what a newer plan adds waits for its own. */
  signedPlan: Plan.optional(),
  results: z.array(MeasureResult),
  restored: z.array(MeasureResult),
  orders: z.array(ContainmentOrder),
  firstDenyAt: Instant.optional(),
  lastSuccessAt: Instant.optional(),
  checks: z.number().int(),
  /** How it descends from the principal of an alert. */
  descent: z.array(DescentEdge).optional(),
  /** Somebody fights the containment: since when. */
  escalatedAt: Instant.optional(),
  holdingSinceAt: Instant.optional(),
  /** Set by *recover*: the new keys, and since when older sessions are revoked. */
  recovery: z
    .strictObject({
      issuedKeyIds: z.array(Id),
      revokedAt: Instant.optional(),
      alarmedEventId: z.string().optional(),
    })
    .optional(),
  phase: z.enum(['plan', 'gate', 'apply', 'watch', 'restore', 'recover', 'hold', 'done']),
});
export type ContainmentState = z.infer<typeof ContainmentState>;

/** Start input of `containPrincipal`. */
export const ContainmentInput = z.strictObject({
  principal: Principal,
  incidentId: Id,
  ownerWorkflowId: Id,
  waits: Waits,
  alerts: z.array(Alert),
  descent: z.array(DescentEdge).optional(),
  /** Tests force continue-as-new earlier. */
  continueAsNewAfterEvents: z.number().int().positive().optional(),
  resume: ContainmentState.optional(),
});
export type ContainmentInput = z.infer<typeof ContainmentInput>;
