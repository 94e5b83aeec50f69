import { z } from 'zod';
import { Alert } from './alert.js';
import { Id, Instant, Jws, Tier } from './primitives.js';

/** Issuer of people who sign with a key of this installation. */
export const LOCAL_ISSUER = 'local';

/** What a person can put their name to. */
export const ConsentAction = z.enum(['contain', 'restore', 'eradicate', 'recover', 'skip', 'closeBenign', 'close']);
export type ConsentAction = z.infer<typeof ConsentAction>;

/** The body of a consent's JWS. The key is looked up by issuer + subject in `people.yaml`. */
export const Consent = z.strictObject({
  incidentId: Id,
  action: ConsentAction,
  principalUniqueId: Id,
  planSha256: z.string(),
  tier: Tier,
  subject: Id,
  issuer: Id,
  team: Id,
  decision: z.enum(['approve', 'reject']),
  decidedAt: Instant,
  expiresAt: Instant,
  nonce: Id,
});
export type Consent = z.infer<typeof Consent>;

/**
 * How an intruder got from one principal to the next: created = made it; became = assumed it, or its compute did; changed = opened
 * somebody else's, or gave itself credentials of it; cameFrom = the intruder's session was issued to it.
 */
export const DescentStep = z.enum(['created', 'became', 'changed', 'cameFrom']);
export type DescentStep = z.infer<typeof DescentStep>;

/** One step from an intruder's principal to the next one, with the CloudTrail event that shows it. */
export const DescentEdge = z.strictObject({
  parentArn: Id,
  childArn: Id,
  how: DescentStep,
  eventId: Id,
  region: z.string().max(32),
});
export type DescentEdge = z.infer<typeof DescentEdge>;

/** Steps from the principal of an alert to the one that is written about; more is a person's question. */
export const MAX_DESCENT = 8;

/**
 * Why a write may happen. `alert` rests on ingest's receipt, `people` on signatures, `rule` on receipt + the
 * no-answer rule, `descent` on receipt + events that lead from the alert's principal to this one.
 */
export const Authority = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('alert'), alert: Alert }),
  z.strictObject({ by: z.literal('people'), consents: z.array(Jws), alerts: z.array(Alert) }),
  z.strictObject({ by: z.literal('descent'), alert: Alert, edges: z.array(DescentEdge).min(1).max(MAX_DESCENT) }),
  z.strictObject({ by: z.literal('rule'), ruleId: Id, version: Id, alert: Alert }),
]);
export type Authority = z.infer<typeof Authority>;

/** What a consent must say to count. */
export const ConsentWanted = z.strictObject({
  incidentId: Id,
  action: ConsentAction,
  principalUniqueId: Id,
  planSha256: z.string(),
  tier: Tier,
  /** Owners of the principal in scope: never count. */
  ownerSubjects: z.array(z.string()),
});
export type ConsentWanted = z.infer<typeof ConsentWanted>;

/** Input of the activity `checkConsent`; `subject` is who sent the act and must be the signer. */
export const CheckConsentInput = z.strictObject({ record: Jws, subject: Id, wanted: ConsentWanted });
export type CheckConsentInput = z.infer<typeof CheckConsentInput>;

export const CheckConsentResult = z.discriminatedUnion('valid', [
  z.strictObject({ valid: z.literal(true), consent: Consent }),
  z.strictObject({ valid: z.literal(false), reason: z.string() }),
]);
export type CheckConsentResult = z.infer<typeof CheckConsentResult>;
