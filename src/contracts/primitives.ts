import { z } from 'zod';

/** A non-empty identifier, at most 2,048 characters (the longest ARN AWS accepts). */
export const Id = z.string().min(1).max(2048);
/** ISO-8601 UTC with a `Z`. Fields of this type end in `At`. */
export const Instant = z.iso.datetime();
/** A compact JWS: three base64url parts. */
export const Jws = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);
export const AccountId = z.string().regex(/^\d{12}$/);
/** Any JSON value. */
export const Json = z.json();
export type Json = z.infer<typeof Json>;

export const Severity = z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);
export type Severity = z.infer<typeof Severity>;

/** How much consent a plan needs; quorum and rows are in `rails.yaml` (aws-domain 4). */
export const Tier = z.enum(['A0', 'A1', 'A2', 'A3']);
export type Tier = z.infer<typeof Tier>;

/** Points at bulk kept outside Temporal (design 14.4). `path` is relative to the store's root. */
export const EvidenceRef = z.strictObject({
  store: z.string(),
  path: z.string(),
  sha256: z.string().length(64),
  bytes: z.number().int().nonnegative(),
});
export type EvidenceRef = z.infer<typeof EvidenceRef>;
