import { z } from 'zod';
import { Id, Instant } from './primitives.js';

/** Start input of `reconcile`. Small: the schedule and the CLI give nothing. */
export const ReconcileInput = z.strictObject({
  /** What looks wrong in AWS is looked at again after this long: a write or an undo may be under way. */
  confirmAfterSeconds: z.number().positive().optional(),
});
export type ReconcileInput = z.infer<typeof ReconcileInput>;

/** A run of an incident, containment or follow-up that ended although its work had not. No later run has taken its place. */
export const StrandedRun = z.strictObject({
  workflowId: Id,
  runId: Id,
  workflowType: Id,
  incidentId: z.string(),
  /** `terminated by alex@host: wrong button`. */
  how: z.string(),
  closedAt: Instant,
  /** Set when it has ended too often to be brought back by itself. */
  tooOften: z.string().optional(),
});
export type StrandedRun = z.infer<typeof StrandedRun>;

/** What `findStranded` saw; `more` were left for the next round. */
export const StrandedResult = z.strictObject({ runs: z.array(StrandedRun), more: z.number().int() });
export type StrandedResult = z.infer<typeof StrandedResult>;

/** What `resetWorkflow` did. `runId` is the run that goes on. */
export const ResetResult = z.discriminatedUnion('reset', [
  z.strictObject({ reset: z.literal(true), runId: Id }),
  z.strictObject({ reset: z.literal(false), why: z.string() }),
]);
export type ResetResult = z.infer<typeof ResetResult>;

/** One thing that people must hear of. The same `key` is one message a day. */
export const ReconcileFinding = z.strictObject({
  key: Id,
  kind: z.enum(['broughtBack', 'notBroughtBack', 'orphan', 'missing', 'silentAlert', 'silentSource', 'trouble']),
  /** Empty when no incident is known. */
  incidentId: z.string(),
  title: z.string(),
  /** What to know and the exact commands. */
  lines: z.array(z.string()),
});
export type ReconcileFinding = z.infer<typeof ReconcileFinding>;

/** Result of `reconcile`: what one round found, the workflows it brought back among it. Everything in it was paged. */
export const ReconcileResult = z.strictObject({ findings: z.array(ReconcileFinding) });
export type ReconcileResult = z.infer<typeof ReconcileResult>;
