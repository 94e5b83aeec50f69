import { z } from 'zod';
import { Alert } from './alert.js';
import { Authority, DescentEdge, DescentStep, MAX_DESCENT } from './authority.js';
import { MeasureResult } from './measure.js';
import { BlastRadius, MeasureName, Plan } from './plan.js';
import { Waits } from './playbook.js';
import { Principal } from './principal.js';
import { Id, Instant } from './primitives.js';

/** Input of `planContainment`. `escalated`: somebody fights the containment, so whatever makes new access is frozen too. */
export const PlanInput = z.strictObject({
  incidentId: Id,
  principal: Principal,
  alerts: z.array(Alert),
  escalated: z.boolean().optional(),
  /** How it descends from the principal of an alert; believed for the plan, checked for every write. */
  descent: z.array(DescentEdge).max(MAX_DESCENT).optional(),
});
export type PlanInput = z.infer<typeof PlanInput>;

/** Found in one round of watching: made or changed since the plan was read, by somebody. */
export const GrowthCandidate = z.strictObject({ arn: Id, how: z.string(), seenAt: Instant });
export type GrowthCandidate = z.infer<typeof GrowthCandidate>;

/** Input of `watchContainment`. */
export const WatchInput = z.strictObject({
  incidentId: Id,
  /** As in a write: the incident whose people decide, where it is another one. */
  decidedFor: Id.optional(),
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
  /** Candidates told before: they end no round again. */
  knownGrowth: z.array(Id).max(200).optional(),
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
  /** New users, roles, keys, trusts and policies of the account, compared with its state when the plan was read. */
  growth: z.array(GrowthCandidate).max(50),
  /** What could not be compared. */
  growthNotRead: z.string().optional(),
  /** gone = the principal does not exist any more; growth = something new is there that was not told before. */
  ended: z.enum(['configured', 'thirdDrift', 'time', 'once', 'gone', 'growth']),
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
  /** Set for early looks: events back to the first suspicious moment are read too, for where the intruder went on. */
  suspiciousSinceAt: Instant.optional(),
  /** Only these sessions of the role are stopped and judged. */
  sessions: z.array(Id).optional(),
  /** Who used the principal before: what comes from there may be the rightful holder's. */
  callers: BlastRadius.shape.callers.optional(),
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

/** A principal that this one made, opened or became, with the event that shows it. */
export const Descendant = z.strictObject({
  /** Of a user, a role, or the instance profile that holds the role. */
  arn: Id,
  /** Whose call it was: the ARN of the user, or of the role behind a session. */
  callerArn: Id,
  how: DescentStep,
  api: z.string(),
  eventId: Id,
  region: z.string().max(32),
  eventAt: Instant,
  /** The session name, where it became a role. */
  session: Id.optional(),
  /** The event came from an address that the rightful holder was known at: a person decides. */
  fromHolder: z.boolean(),
});
export type Descendant = z.infer<typeof Descendant>;

/** What CloudTrail showed, and what it proves together with the configuration (design 9.3). */
export const LookupResult = z.strictObject({
  /** CloudTrail is read up to here (request time − delivery delay). */
  coveredUntilAt: Instant,
  lastSuccess: z.strictObject({ eventId: Id, eventName: z.string(), eventAt: Instant, accessKeyId: z.string() }).optional(),
  /** Later of the first accepted deny and the last success. */
  effectiveFromAt: Instant,
  denied: z.number().int(),
  firstDenied: z.strictObject({ eventId: Id, eventName: z.string(), eventAt: Instant }).optional(),
  /** Where the intruder went on from this principal. */
  descendants: z.array(Descendant).max(50),
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
