import { z } from 'zod';
import { Principal } from './principal.js';
import { AccountId, EvidenceRef, Id, Instant, Json, Jws } from './primitives.js';

/** What eradication can do to one thing. Each is an activity of its own name. */
export const EradicationAction = z.enum(['deleteUser', 'deleteRole', 'deletePolicy', 'deleteAccessKey', 'terminateInstance']);
export type EradicationAction = z.infer<typeof EradicationAction>;

/** One thing to remove, with the event that proves who made it. Nothing here can be taken back exactly. */
export const Proposal = z.strictObject({
  /** `E1`, `E2` … in the order of removal. */
  proposalId: Id,
  action: EradicationAction,
  account: AccountId,
  region: z.string(),
  /** ARN, access key id or instance id. */
  target: Id,
  /** AIDA…, AROA…, ANPA…; re-checked before the removal: names are re-used, ids are not. */
  uniqueId: z.string().optional(),
  /** User of an access key. */
  owner: z.string().optional(),
  /** When AWS says it was made; must not be before the first malicious event. */
  createdAt: Instant.optional(),
  /** attackerMade = the creating event is of the intruder's lineage; compromised = a credential that was in its hands. */
  why: z.enum(['attackerMade', 'compromised']),
  /** Event id. */
  provedBy: z.string(),
  calls: z.array(z.strictObject({ api: z.string(), params: z.record(z.string(), Json) })).min(1),
  /** What putting it back would take. */
  undo: z.string(),
});
export type Proposal = z.infer<typeof Proposal>;

/** Something a person decides about: exact commands, no automation. */
export const Guided = z.strictObject({ title: z.string(), why: z.string(), commands: z.array(z.string()) });
export type Guided = z.infer<typeof Guided>;

/** Result of `proposeEradication`. `planSha256` covers the proposals and the first malicious moment. */
export const EradicationPlan = z.strictObject({
  proposals: z.array(Proposal),
  guided: z.array(Guided),
  /** Not before this: what is older is not the intruder's. */
  firstMaliciousAt: Instant.optional(),
  plannedAt: Instant,
  planSha256: z.string().length(64),
});
export type EradicationPlan = z.infer<typeof EradicationPlan>;

/** Input of `proposeEradication`. */
export const ProposeInput = z.strictObject({
  incidentId: Id,
  principals: z.array(Principal).min(1),
  /** The timeline's JSON file, working copy. */
  timeline: EvidenceRef,
  /** Keys that alerts name, with their user: compromised also where nobody used them yet. */
  compromisedKeys: z.array(z.strictObject({ accessKeyId: Id, owner: Id })),
  /** Keys we issued in recovery: never proposed. */
  issuedKeyIds: z.array(Id),
});
export type ProposeInput = z.infer<typeof ProposeInput>;

/** Input of every removing activity. */
export const EradicateInput = z.strictObject({
  incidentId: Id,
  /** Whom the incident is about: the consents name it. */
  principal: Principal,
  proposal: Proposal,
  plan: EradicationPlan,
  consents: z.array(Jws),
});
export type EradicateInput = z.infer<typeof EradicateInput>;

/** What a removing activity did. */
export const EradicationResult = z.strictObject({
  proposalId: Id,
  action: EradicationAction,
  target: Id,
  outcome: z.enum(['removed', 'alreadyGone']),
  at: Instant,
  /** All that was read of it before, in the evidence store. */
  before: EvidenceRef.optional(),
  requestIds: z.array(z.string()),
});
export type EradicationResult = z.infer<typeof EradicationResult>;
