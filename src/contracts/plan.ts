import { z } from 'zod';
import { Principal } from './principal.js';
import { EvidenceRef, Id, Instant, Json, Tier } from './primitives.js';

/** What can be done to a principal. Each is an activity of its own name; its undo is `undo<Measure>`. */
export const MeasureName = z.enum([
  'quarantineByScp',
  'freezeMinting',
  'attachQuarantinePolicy',
  'joinDenyGroup',
  'denyUser',
  'denyRole',
  'denySession',
  'putBoundary',
  'setDenyVersion',
  'denyInPermissionSet',
  'deleteAssignment',
  'closeTrust',
  'deactivateAccessKey',
  'deactivateServiceCredential',
  'deactivateSshKey',
  'deactivateSigningCertificate',
  'deleteLoginProfile',
  'deleteRootCredentials',
  'stopFunction',
  'detachInstanceProfile',
  'requireImdsV2',
  'revokeSessions',
]);
export type MeasureName = z.infer<typeof MeasureName>;

/** The activity that takes each measure back. */
export const UNDO_NAMES = {
  quarantineByScp: 'undoQuarantineByScp',
  freezeMinting: 'undoFreezeMinting',
  attachQuarantinePolicy: 'undoAttachQuarantinePolicy',
  joinDenyGroup: 'undoJoinDenyGroup',
  denyUser: 'undoDenyUser',
  denyRole: 'undoDenyRole',
  denySession: 'undoDenySession',
  putBoundary: 'undoPutBoundary',
  setDenyVersion: 'undoSetDenyVersion',
  denyInPermissionSet: 'undoDenyInPermissionSet',
  deleteAssignment: 'undoDeleteAssignment',
  closeTrust: 'undoCloseTrust',
  deactivateAccessKey: 'undoDeactivateAccessKey',
  deactivateServiceCredential: 'undoDeactivateServiceCredential',
  deactivateSshKey: 'undoDeactivateSshKey',
  deactivateSigningCertificate: 'undoDeactivateSigningCertificate',
  deleteLoginProfile: 'undoDeleteLoginProfile',
  deleteRootCredentials: 'undoDeleteRootCredentials',
  stopFunction: 'undoStopFunction',
  detachInstanceProfile: 'undoDetachInstanceProfile',
  requireImdsV2: 'undoRequireImdsV2',
  revokeSessions: 'undoRevokeSessions',
} as const satisfies { [M in MeasureName]: `undo${Capitalize<M>}` };
export type UndoName = (typeof UNDO_NAMES)[MeasureName];

/** One measure on one target, with the exact AWS calls it makes. */
export const MeasureCall = z.strictObject({
  measure: MeasureName,
  /** What the measure acts on: policy ARN or name, access key id, `<region>/<instance>`, function ARN, … */
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

/** What only a person can do, because AWS has no API for it or no safe one: why, and the exact commands. */
export const Guidance = z.strictObject({ title: z.string(), why: z.string(), commands: z.array(z.string()) });
export type Guidance = z.infer<typeof Guidance>;

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
  /** A layer is in the plan that the principal cannot take off: the SCP, or the managed policy that the SCP guard protects. */
  guarded: z.boolean(),
  /** For a person, beside the measures. A plan of guidance alone is handed to one. */
  guidance: z.array(Guidance),
  doesNotStop: z.array(z.string()),
  blastRadius: BlastRadius,
  /** What each field held when the plan was read: undo goes back to this when an answer was lost. */
  before: z.array(z.strictObject({ measure: MeasureName, target: Id, value: Json })),
  /** Why nothing may be done automatically (never-touch, allow-list, self-lockout). Non-empty = no write. */
  refusals: z.array(z.string()),
  snapshotRef: EvidenceRef,
  /** The account's users, roles and policies when this was planned: what growth is compared with. */
  accountStateRef: EvidenceRef.optional(),
  /** The first suspicious moment: what was made since may be the intruder's. */
  suspiciousSinceAt: Instant.optional(),
  plannedAt: Instant,
  planSha256: z.string().length(64),
});
export type Plan = z.infer<typeof Plan>;
