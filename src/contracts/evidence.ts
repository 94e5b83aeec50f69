import { z } from 'zod';
import { Principal } from './principal.js';
import { EvidenceRef, Id, Instant, Json } from './primitives.js';

/** Items of S003 appendix B, and the IAM state beside the credential report (aws-domain 7). */
export const EvidenceItemName = z.enum([
  'cloudTrail',
  'cloudWatchLogs',
  'vpcFlowLogs',
  'credentialReport',
  'iamState',
  'accessAnalyzer',
  'guardDuty',
  'timeline',
]);
export type EvidenceItemName = z.infer<typeof EvidenceItemName>;

/** One file of an item, with what chain of custody needs to know of it. */
export const EvidenceFile = z.strictObject({
  ref: EvidenceRef,
  /** Redacted working copy, in the working folder. */
  workingCopy: EvidenceRef.optional(),
  api: z.string(),
  params: z.record(z.string(), Json),
  region: z.string(),
  account: z.string(),
  requestIds: z.array(z.string()),
  startedAt: Instant,
  endedAt: Instant,
  /** Records, findings or rows in it. */
  rows: z.number().int().nonnegative(),
  truncated: z.boolean(),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;

/** Result of `collectEvidence` for one item. Absence is a result, with its reason. */
export const EvidenceItem = z.discriminatedUnion('outcome', [
  z.strictObject({
    item: EvidenceItemName,
    outcome: z.literal('collected'),
    files: z.array(EvidenceFile).min(1),
    notes: z.array(z.string()),
  }),
  z.strictObject({ item: EvidenceItemName, outcome: z.literal('absent'), reason: z.string().min(3) }),
]);
export type EvidenceItem = z.infer<typeof EvidenceItem>;

/** Input of `collectEvidence`. */
export const CollectInput = z.strictObject({
  incidentId: Id,
  /** `c01`, `c02` …: the collections of an incident are chained in this order. */
  collectionId: z.string().regex(/^c\d{2}$/),
  item: EvidenceItemName,
  principal: Principal,
  /** Access keys whose records belong to the incident. */
  accessKeyIds: z.array(Id),
  fromAt: Instant,
  toAt: Instant,
});
export type CollectInput = z.infer<typeof CollectInput>;

/** Input of `sealEvidence`. The manifest is a pure function of it: sealing twice writes the same bytes. */
export const SealInput = z.strictObject({
  incidentId: Id,
  collectionId: z.string().regex(/^c\d{2}$/),
  /** Manifest of the collection before this one. */
  previous: EvidenceRef.optional(),
  items: z.array(EvidenceItem),
  sealedAt: Instant,
});
export type SealInput = z.infer<typeof SealInput>;

/** `manifest.json` of a collection: sealed itself, chained by hash to the one before. */
export const EvidenceManifest = z.strictObject({
  format: z.literal('tourniquet-evidence-1'),
  incidentId: Id,
  collectionId: z.string(),
  /** SHA-256 of the manifest before, `null` for the first. */
  previousSha256: z.string().length(64).nullable(),
  tool: z.string(),
  collector: z.string(),
  sealedAt: Instant,
  clock: z.string(),
  items: z.array(EvidenceItem),
});
export type EvidenceManifest = z.infer<typeof EvidenceManifest>;

/** Result of `sealEvidence`. */
export const SealResult = z.strictObject({
  manifest: EvidenceRef,
  collected: z.array(EvidenceItemName),
  absent: z.array(EvidenceItemName),
});
export type SealResult = z.infer<typeof SealResult>;
