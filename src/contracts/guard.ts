import { z } from 'zod';
import { AccountId, Id, Instant, Tier } from './primitives.js';

/** observe = write nothing (default), approve = every plan needs a person, auto = the tier decides. */
export const GuardMode = z.enum(['observe', 'approve', 'auto']);
export type GuardMode = z.infer<typeof GuardMode>;

export const GuardLimits = z.strictObject({ perHour: z.number().int().positive(), perAccountPerHour: z.number().int().positive() });
export type GuardLimits = z.infer<typeof GuardLimits>;

/** State of `responderGuard`. Mode and limits live only here. */
export const GuardState = z.strictObject({
  stopped: z.boolean(),
  stopReason: z.string().optional(),
  modes: z.record(AccountId, GuardMode),
  limits: GuardLimits,
  reservations: z.array(z.strictObject({ containmentId: Id, account: AccountId, at: Instant, descent: z.boolean().optional() })),
  /** Containments held by the stop; told on `go`. */
  waiting: z.array(Id),
  journal: z.array(z.strictObject({ at: Instant, line: z.string() })).max(50),
  seenActs: z.array(z.string()).max(200),
});
export type GuardState = z.infer<typeof GuardState>;

/** Argument of `guardUpdate`. `ask` and `reserve` come only from activities. */
export const GuardRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('ask'), account: AccountId, containmentId: Id, descent: z.boolean().optional() }),
  z.strictObject({ do: z.literal('reserve'), account: AccountId, containmentId: Id, descent: z.boolean().optional() }),
  z.strictObject({ do: z.literal('stop'), actId: Id, subject: Id, reason: z.string().min(1) }),
  z.strictObject({ do: z.literal('go'), actId: Id, subject: Id }),
  z.strictObject({ do: z.literal('mode'), actId: Id, subject: Id, account: AccountId, mode: GuardMode }),
  z.strictObject({ do: z.literal('limits'), actId: Id, subject: Id, limits: GuardLimits }),
]);
export type GuardRequest = z.infer<typeof GuardRequest>;

export const GuardAnswer = z.strictObject({
  mode: GuardMode,
  stopped: z.boolean(),
  stopReason: z.string().optional(),
  limitReached: z.boolean(),
  reserved: z.boolean(),
  detail: z.string(),
});
export type GuardAnswer = z.infer<typeof GuardAnswer>;

/** Input and result of the activities `askGuard` and `reserveContainment`. */
export const GateInput = z.strictObject({
  containmentId: Id,
  incidentId: Id,
  account: AccountId,
  tier: Tier,
  /** Consents the tier asks for in mode `auto`. */
  quorum: z.number().int(),
  /** Valid consents already at hand. */
  consents: z.number().int(),
  /** Whose authority it is: people's signatures, or the no-answer rule; neither = the alert's receipt. */
  byPeople: z.boolean(),
  byRule: z.boolean(),
  /** Of what the intruder made or became: counted apart from first containments. */
  byDescent: z.boolean().optional(),
});
export type GateInput = z.infer<typeof GateInput>;

/** go = write now; consent = ask for `quorum` people; byHand = observe mode; hold = stopped, wait for `guardGo`. */
export const GateResult = z.strictObject({
  decision: z.enum(['go', 'consent', 'byHand', 'hold']),
  quorum: z.number().int(),
  mode: GuardMode,
  reason: z.string(),
});
export type GateResult = z.infer<typeof GateResult>;

/** Start input of `responderGuard`. */
export const GuardInput = z.strictObject({ resume: GuardState.optional() });
export type GuardInput = z.infer<typeof GuardInput>;
