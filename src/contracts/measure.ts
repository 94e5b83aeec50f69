import { z } from 'zod';
import { Authority } from './authority.js';
import { MeasureCall, MeasureName, Plan } from './plan.js';
import { Principal } from './principal.js';
import { Id, Instant, Json } from './primitives.js';

/** What one measure did. `before` and `after` are what undo compares and restores. */
export const MeasureResult = z.strictObject({
  measure: MeasureName,
  target: Id,
  changed: z.boolean(),
  before: Json,
  after: Json,
  at: Instant,
  requestIds: z.array(z.string()),
});
export type MeasureResult = z.infer<typeof MeasureResult>;

/** Input of every writing activity: the call, the plan it must be part of, and who allowed it. */
export const WriteInput = z.strictObject({
  /** Names artefacts and sessions: the incident that began the containment. */
  incidentId: Id,
  /** The incident whose people decide, where another one adopted the containment. */
  decidedFor: Id.optional(),
  containmentId: Id,
  principal: Principal,
  call: MeasureCall,
  approvedPlan: Plan,
  authority: Authority,
  /** Set for undo: the recorded result that is taken back. */
  undo: MeasureResult.optional(),
  /** Set for a re-apply: the recorded `after` that drifted. Needs no new consent (design 9). */
  reapply: MeasureResult.optional(),
});
export type WriteInput = z.infer<typeof WriteInput>;
