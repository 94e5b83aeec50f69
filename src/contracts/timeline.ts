import { z } from 'zod';
import { Principal } from './principal.js';
import { AccountId, EvidenceRef, Id, Instant } from './primitives.js';

/** Input of `buildTimeline`. */
export const TimelineInput = z.strictObject({
  incidentId: Id,
  /** In the order they entered scope: the first is who the incident is about. */
  principals: z.array(Principal).min(1),
  /** Keys that alerts named; they are looked up by key too. */
  accessKeyIds: z.array(Id),
  /** Keys we issued: theirs is nobody's attack. */
  issuedKeyIds: z.array(Id),
  fromAt: Instant,
  /** First suspicious moment of the alerts. */
  suspiciousSinceAt: Instant,
  /** Addresses that alerts name. */
  suspectIps: z.array(z.string()),
  /** One round only: what the intruder made shows at once, what descends from it later. */
  quick: z.boolean(),
});
export type TimelineInput = z.infer<typeof TimelineInput>;

/** Whose doing an entry is. `responder` = our own identities. */
export const TimelineLane = z.enum(['attacker', 'responder', 'holder']);
export type TimelineLane = z.infer<typeof TimelineLane>;

/** One CloudTrail event of the timeline. Names and agents are chosen by callers: hostile in every sink. */
export const TimelineEntry = z.strictObject({
  at: Instant,
  lane: TimelineLane,
  eventId: Id,
  /** `iam:CreateUser`. */
  api: z.string(),
  actor: z.string(),
  accessKeyId: z.string(),
  sourceIp: z.string(),
  userAgent: z.string(),
  region: z.string(),
  account: z.string(),
  /** `ok`, or the error code. */
  outcome: z.string(),
  /** What it was done to. */
  targets: z.array(z.string()),
  attack: z.array(z.string()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** What was looked at and what was not: "nothing found" is never claimed for what was not looked at. */
export const TimelineCompleteness = z.strictObject({
  fromAt: Instant,
  /** CloudTrail is read up to here; later deliveries may still add events before it. */
  readUntilAt: Instant,
  regions: z.array(z.string()),
  accounts: z.array(z.string()),
  records: z.number().int(),
  pages: z.number().int(),
  complete: z.boolean(),
  /** Why it is not complete. */
  gaps: z.array(z.string()),
  /** Sources and kinds of events that were not read. */
  notRead: z.array(z.string()),
});
export type TimelineCompleteness = z.infer<typeof TimelineCompleteness>;

const Proof = { provedBy: z.string() };
const CredentialRow = z.strictObject({
  id: z.string(),
  kind: z.string(),
  principal: z.string(),
  parent: z.string().nullable(),
  provedBy: z.string().nullable(),
  strength: z.string(),
  used: z.boolean(),
  alive: z.boolean(),
});
const PrincipalRow = z.strictObject({ arn: z.string(), how: z.string(), ...Proof });
const ResourceRow = z.strictObject({ arn: z.string(), type: z.string(), action: z.string(), present: z.boolean(), ...Proof });
const AttackRow = z.strictObject({
  technique: z.string(),
  attackVersion: z.string(),
  events: z.array(z.string()),
  succeeded: z.boolean(),
  ...Proof,
});

/** The whole timeline, a file in the evidence store and (redacted) in the working folder. */
export const Timeline = z.strictObject({
  format: z.literal('tourniquet-timeline-1'),
  incidentId: Id,
  seeds: z.array(z.string()),
  /** AWS's ids of the requests it was read with. */
  requestIds: z.array(z.string()),
  entries: z.array(TimelineEntry),
  credentials: z.array(CredentialRow),
  principals: z.array(PrincipalRow),
  resources: z.array(ResourceRow),
  attack: z.array(AttackRow),
  completeness: TimelineCompleteness,
});
export type Timeline = z.infer<typeof Timeline>;

/** `how` of a principal that is nobody else's. */
export const MADE_BY_INTRUDER = 'made by the intruder';

/** A principal that the intruder made or opened and that can still act; `account` is ours. */
export const LivePrincipal = z.strictObject({
  account: AccountId,
  kind: z.enum(['user', 'role']),
  arn: Id,
  how: z.string(),
  provedBy: z.string(),
});
export type LivePrincipal = z.infer<typeof LivePrincipal>;

const EventPoint = z.strictObject({ eventId: Id, api: z.string(), at: Instant, sourceIp: z.string() });

/** Input of `keepTimeline`: the timeline that was last built goes into the evidence store. */
export const KeepTimelineInput = z.strictObject({
  incidentId: Id,
  /** Collection its files are sealed in. */
  collectionId: z.string().regex(/^c\d{2}$/),
  principal: Principal,
  ref: EvidenceRef,
  csvRef: EvidenceRef,
});
export type KeepTimelineInput = z.infer<typeof KeepTimelineInput>;

/** Result of `buildTimeline`, small enough for the incident's state. Lists are cut, the counts are whole. */
export const TimelineSummary = z.strictObject({
  /** The JSON file, working copy. */
  ref: EvidenceRef,
  /** The CSV file, working copy. */
  csvRef: EvidenceRef,
  attackerEvents: z.number().int(),
  holderEvents: z.number().int(),
  responderEvents: z.number().int(),
  firstMalicious: EventPoint.optional(),
  lastMalicious: EventPoint.optional(),
  credentials: z.number().int(),
  alive: z.array(z.string()).max(20),
  live: z.array(LivePrincipal).max(20),
  /** Outside our accounts: reported, not contained. */
  external: z.array(z.string()).max(20),
  resources: z.array(ResourceRow).max(30),
  resourceCount: z.number().int(),
  attack: z.array(z.string()).max(40),
  completeness: TimelineCompleteness,
});
export type TimelineSummary = z.infer<typeof TimelineSummary>;
