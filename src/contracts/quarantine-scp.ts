import { z } from 'zod';
import { WriteInput } from './measure.js';
import { AccountId, Id, Instant } from './primitives.js';

/** Characters of one SCP, white space included (AWS Organizations quotas since 2026-05; aws-domain 1.2). */
export const SCP_QUOTA = 10_240;

/** Whom one entry of the quarantine SCP stops. `minting` stops nobody but whatever makes new access in an account. */
export const ScpSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('principal'), arn: Id }),
  /** One session of a shared role: `AROA…:name`. */
  z.strictObject({ kind: z.literal('session'), userId: Id }),
  z.strictObject({ kind: z.literal('identityCenterUser'), userId: Id }),
  z.strictObject({ kind: z.literal('minting'), account: AccountId }),
]);
export type ScpSubject = z.infer<typeof ScpSubject>;

/** One entry: whom, and for which incident. It is one statement of the policy. */
export const ScpEntry = z.strictObject({ subject: ScpSubject, incidentId: Id });
export type ScpEntry = z.infer<typeof ScpEntry>;

/** One change asked of the only writer of a quarantine SCP; `input` carries the authority for it. */
export const ScpChange = z.strictObject({ do: z.enum(['add', 'remove']), entry: ScpEntry, input: WriteInput });
export type ScpChange = z.infer<typeof ScpChange>;

/** full = no room, nothing was written; conflict = the entry is not as it was written, so it was left. */
export const ScpOutcome = z.strictObject({
  policyId: Id,
  result: z.enum(['changed', 'unchanged', 'full', 'conflict', 'refused']),
  /** Why, for full, conflict and refused. */
  detail: z.string(),
  requestIds: z.array(z.string()),
});
export type ScpOutcome = z.infer<typeof ScpOutcome>;

/** Input and result of the activity `writeQuarantineScp`: several changes in one UpdatePolicy. */
export const ScpWriteInput = z.strictObject({ policyId: Id, changes: z.array(ScpChange).min(1).max(50) });
export type ScpWriteInput = z.infer<typeof ScpWriteInput>;
export const ScpWriteResult = z.strictObject({
  outcomes: z.array(ScpOutcome),
  characters: z.number().int(),
  /** Sids of statements that are not ours: kept. */
  unknown: z.array(z.string()),
});
export type ScpWriteResult = z.infer<typeof ScpWriteResult>;

/** State of `quarantineScp`: what the page shows; the policy itself is the truth. */
export const ScpState = z.strictObject({
  policyId: Id,
  entries: z.array(z.strictObject({ entry: ScpEntry, since: Instant })).max(200),
  characters: z.number().int(),
  unknown: z.array(z.string()).max(50),
  writes: z.number().int(),
  journal: z.array(z.strictObject({ at: Instant, line: z.string() })).max(50),
});
export type ScpState = z.infer<typeof ScpState>;

/** Start input of `quarantineScp`. */
export const ScpInput = z.strictObject({ policyId: Id, resume: ScpState.optional() });
export type ScpInput = z.infer<typeof ScpInput>;
