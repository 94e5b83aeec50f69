import { z } from 'zod';
import { Alert } from './alert.js';
import { Principal } from './principal.js';
import { Id, Instant } from './primitives.js';

/** "It was me" / "not me" from a person linked to the principal (design 5). */
export const OwnerStatement = z.strictObject({ subject: Id, says: z.enum(['wasMe', 'notMe']), at: Instant });
export type OwnerStatement = z.infer<typeof OwnerStatement>;

/** Result of `scoreSignals`: every signal that fired, with weight and reason; the sum decides. */
export const Verdict = z.strictObject({
  verdict: z.enum(['confirmed', 'suspected', 'benign']),
  sum: z.number(),
  confirmedFrom: z.number(),
  suspectedFrom: z.number(),
  signals: z.array(z.strictObject({ id: z.string(), weight: z.number(), reason: z.string() })),
  confidenceVersion: z.string(),
  scoredAt: Instant,
});
export type Verdict = z.infer<typeof Verdict>;

export const ScoreSignalsInput = z.strictObject({
  incidentId: Id,
  alerts: z.array(Alert),
  principal: Principal.optional(),
  ownerStatements: z.array(OwnerStatement),
});
export type ScoreSignalsInput = z.infer<typeof ScoreSignalsInput>;
