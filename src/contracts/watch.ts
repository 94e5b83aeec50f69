import { z } from 'zod';
import { Alert } from './alert.js';
import { Authority } from './authority.js';
import { MeasureResult } from './measure.js';
import { MeasureName, Plan } from './plan.js';
import { Waits } from './playbook.js';
import { Principal } from './principal.js';
import { Id, Instant } from './primitives.js';

/** Input of `planContainment`. */
export const PlanInput = z.strictObject({ incidentId: Id, principal: Principal, alerts: z.array(Alert) });
export type PlanInput = z.infer<typeof PlanInput>;

/** Input of `watchContainment`. */
export const WatchInput = z.strictObject({
  incidentId: Id,
  containmentId: Id,
  principal: Principal,
  approvedPlan: Plan,
  /** Absent when the work was done by hand: then the watch only reads. */
  authority: Authority.optional(),
  results: z.array(MeasureResult),
  /** What is read back: the accepted measures, or all of the plan when a person did them. */
  watched: z.array(z.strictObject({ measure: MeasureName, target: Id })),
  firstDenyAt: Instant,
  waits: Waits,
  /** early = rounds of `waits.watchRounds` until settled; once = one round (re-check). */
  rounds: z.enum(['early', 'once']),
  readOnly: z.boolean(),
});
export type WatchInput = z.infer<typeof WatchInput>;

/** `found` of a measure that could not be read back starts so: no evidence for or against it. */
export const UNREADABLE = 'unreadable: ';

/** What the read-backs and the simulation showed. */
export const Configuration = z.strictObject({
  /** Every measure of the plan read back as written, twice, `settleSeconds` apart. */
  confirmed: z.boolean(),
  confirmedAt: Instant.optional(),
  simulation: z.enum(['explicitDeny', 'notDenied', 'unavailable']),
  keysInactive: z.boolean(),
  /** Measures not read back as written, with what was found. */
  missing: z.array(z.strictObject({ measure: MeasureName, target: Id, found: z.string() })),
  notes: z.array(z.string()),
});
export type Configuration = z.infer<typeof Configuration>;

export const WatchResult = z.strictObject({
  configuration: Configuration,
  rounds: z.number().int(),
  /** Changes found and re-applied in these rounds. */
  drifts: z.array(
    z.strictObject({
      at: Instant,
      measure: MeasureName,
      target: Id,
      found: z.string(),
      reappliedAt: Instant.optional(),
      refused: z.string().optional(),
    }),
  ),
  /** gone = the principal does not exist any more. */
  ended: z.enum(['configured', 'thirdDrift', 'time', 'once', 'gone']),
});
export type WatchResult = z.infer<typeof WatchResult>;

/** Input of `lookupPrincipalEvents`. */
export const LookupInput = z.strictObject({
  incidentId: Id,
  principal: Principal,
  /** Access key ids of the plan and of known sessions. */
  accessKeyIds: z.array(Id),
  /** Keys issued in recovery, whose use is legitimate. */
  issuedKeyIds: z.array(Id),
  /** In the session hold: sessions issued from here on are legitimate. */
  sessionsBeforeAt: Instant.optional(),
  /** First accepted deny. */
  firstDenyAt: Instant,
  /** effectiveFrom as known so far. */
  effectiveFromAt: Instant,
  configuration: Configuration,
  waits: Waits,
});
export type LookupInput = z.infer<typeof LookupInput>;

/** What CloudTrail showed, and what it proves together with the configuration (design 9.3). */
export const LookupResult = z.strictObject({
  /** CloudTrail is read up to here (request time − delivery delay). */
  coveredUntilAt: Instant,
  lastSuccess: z.strictObject({ eventId: Id, eventName: z.string(), eventAt: Instant, accessKeyId: z.string() }).optional(),
  /** Later of the first accepted deny and the last success. */
  effectiveFromAt: Instant,
  denied: z.number().int(),
  firstDenied: z.strictObject({ eventId: Id, eventName: z.string(), eventAt: Instant }).optional(),
  /** Session keys minted by this principal that the events name. */
  sessionKeyIds: z.array(Id),
  regions: z.array(z.string()),
  pages: z.number().int(),
  proof: z.strictObject({
    state: z.enum(['proven', 'quiet', 'applied']),
    provenBy: z.array(z.string()),
    limits: z.array(z.string()),
    /** Seconds until the quiet window could be complete; 0 when it is. */
    wantsSeconds: z.number().nonnegative(),
  }),
});
export type LookupResult = z.infer<typeof LookupResult>;
