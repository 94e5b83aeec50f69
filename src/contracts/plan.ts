import { z } from 'zod';
import { Principal } from './principal.js';
import { EvidenceRef, Id, Instant, Json, Tier } from './primitives.js';

/** Measures for IAM users and roles. Each is an activity of its own name; its undo is `undo<Measure>`. */
export const MeasureName = z.enum([
  'attachQuarantinePolicy',
  'denyUser',
  'denyRole',
  'putBoundary',
  'closeTrust',
  'deactivateAccessKey',
  'deactivateServiceCredential',
  'deactivateSshKey',
  'deactivateSigningCertificate',
  'deleteLoginProfile',
  'revokeSessions',
]);
export type MeasureName = z.infer<typeof MeasureName>;

/** One measure on one target, with the exact AWS calls it makes. */
export const MeasureCall = z.strictObject({
  measure: MeasureName,
  /** Policy ARN, policy name or access key id. */
  target: Id,
  calls: z.array(z.strictObject({ api: z.string(), params: z.record(z.string(), Json) })),
  reversible: z.enum(['exact', 'replacement', 'none']),
  layer: z.enum(['scp', 'deny', 'credential', 'trust', 'compute']),
});
export type MeasureCall = z.infer<typeof MeasureCall>;

/** Who else is hurt by the plan (aws-domain 4). */
export const BlastRadius = z.strictObject({
  /** Successful calls of this principal in the last 24 h from callers seen before the first suspicious moment. */
  legitimateUseLast24h: z.boolean(),
  callers: z
    .array(
      z.strictObject({ sourceIp: z.string(), userAgent: z.string(), calls: z.number().int(), firstSeenAt: Instant, lastSeenAt: Instant }),
    )
    .max(10),
  activeKeys: z.number().int(),
  /** What could not be read; empty when everything was. */
  notRead: z.array(z.string()),
});
export type BlastRadius = z.infer<typeof BlastRadius>;

/** The plan. `planSha256` covers the sorted measures and recovery calls only, so re-planning the same calls gives the same hash. */
export const Plan = z.strictObject({
  principal: Principal,
  tier: Tier,
  tierReasons: z.array(z.string()),
  /** Consents of different people that the tier asks for in mode `auto`. */
  quorum: z.number().int(),
  measures: z.array(MeasureCall),
  /** Written only by *recover*, before the denies are lifted. */
  recovery: z.array(MeasureCall),
  doesNotStop: z.array(z.string()),
  blastRadius: BlastRadius,
  /** What each field held when the plan was read: undo goes back to this when an answer was lost. */
  before: z.array(z.strictObject({ measure: MeasureName, target: Id, value: Json })),
  /** Why nothing may be done automatically (never-touch, allow-list, self-lockout). Non-empty = no write. */
  refusals: z.array(z.string()),
  snapshotRef: EvidenceRef,
  plannedAt: Instant,
  planSha256: z.string().length(64),
});
export type Plan = z.infer<typeof Plan>;
