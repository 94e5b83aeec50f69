import { z } from 'zod';
import { Id, Severity } from './primitives.js';

/** Names of step behaviours: keys of `workflows/steps/index.ts`. A step without one is a manual task. */
export const StepBehaviour = z.enum([
  'validateFinding',
  'containPrincipals',
  'createTicket',
  'notifyStakeholders',
  'preserveEvidence',
  'buildTimeline',
  'eradicateAccess',
  'recoverService',
]);
export type StepBehaviour = z.infer<typeof StepBehaviour>;

export const ClockSpec = z.strictObject({ from: z.enum(['detected', 'recovered', 'decided']), minutes: z.number().positive() });
export type ClockSpec = z.infer<typeof ClockSpec>;

/** What of the timeline is put in front of the person who does a manual step. */
export const StepAssist = z.enum(['resources', 'vector', 'impact', 'actor', 'review', 'detection', 'controls']);
export type StepAssist = z.infer<typeof StepAssist>;

export const PlaybookPhase = z.enum(['triage', 'responding', 'recovering', 'followUp']);
export type PlaybookPhase = z.infer<typeof PlaybookPhase>;

/** One row of the playbook. */
export const PlaybookStep = z.strictObject({
  id: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  title: z.string().min(3).max(80),
  phase: PlaybookPhase,
  /** Team id of `teams.yaml`. */
  owner: Id,
  clock: ClockSpec,
  needs: z.array(z.string()),
  run: StepBehaviour.optional(),
  assist: StepAssist.optional(),
  /** What the owner does and looks at when the step is manual. */
  guide: z.array(z.string()).default([]),
});
export type PlaybookStep = z.infer<typeof PlaybookStep>;

/** `src/playbooks/<id>.yaml`. */
export const Playbook = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.string(),
  title: z.string(),
  source: z.string(),
  severity: Severity,
  categories: z.array(z.string()).min(1),
  nistCsf: z.array(z.string()).min(1),
  reference: z.string().startsWith('PLAYBOOK-'),
  steps: z.array(PlaybookStep).min(1),
});
export type Playbook = z.infer<typeof Playbook>;

/** Pinned at start (design 5). All durations in the unit of their name. */
export const Waits = z.strictObject({
  id: z.string(),
  version: z.string(),
  /** Success-free CloudTrail time that *proven* rests on. */
  quietWindowSeconds: z.number().positive(),
  /** Time between the two read-backs that must agree. */
  settleSeconds: z.number().positive(),
  /** CloudTrail events younger than this may still be missing. */
  deliveryDelaySeconds: z.number().positive(),
  /** Watch rounds right after the first write: every `everySeconds` until `untilSeconds` after it. */
  watchRounds: z.array(z.strictObject({ untilSeconds: z.number().positive(), everySeconds: z.number().positive() })).min(1),
  /** Re-checks while holding: every `everySeconds` until `untilSeconds` after the claim; the last row has no end. */
  recheckLadder: z.array(z.strictObject({ untilSeconds: z.number().positive().optional(), everySeconds: z.number().positive() })).min(1),
  sessionHoldSeconds: z.number().positive(),
  /** How long a *suspected* verdict waits for a person before the no-answer rule speaks. */
  suspectedAnswerMinutes: z.number().positive(),
  noAnswerRule: z.strictObject({ id: z.string(), version: z.string(), rule: z.enum(['wait', 'reversibleSubset']) }),
  consentValidMinutes: z.number().positive(),
});
export type Waits = z.infer<typeof Waits>;

export const Person = z.strictObject({
  subject: Id,
  name: z.string(),
  issuer: Id,
  teams: z.array(Id),
  /** Public key (JWK, Ed25519) for local signatures; absent for people of an OIDC issuer. */
  publicJwk: z.record(z.string(), z.string()).optional(),
  awsNames: z.array(z.string()),
  emails: z.array(z.string()),
});
export type Person = z.infer<typeof Person>;

export const Team = z.strictObject({
  id: z.string(),
  title: z.string(),
  contacts: z.array(z.string()),
  /** Notifier channels in order; a failing one falls through to the next. */
  channels: z.array(z.string()).min(1),
});
export type Team = z.infer<typeof Team>;

/** The one ladder of an incident (S000): who is paged next and after how long, counted from receipt. */
export const LadderSpec = z.strictObject({
  rungs: z.array(z.strictObject({ team: Id, afterMinutes: z.number().nonnegative(), ackHoldsMinutes: z.number().positive() })).min(1),
  lastRungBySeverity: z.record(Severity, Id),
});
export type LadderSpec = z.infer<typeof LadderSpec>;

export const Teams = z.strictObject({ version: z.string(), teams: z.array(Team), ladder: LadderSpec });
export type Teams = z.infer<typeof Teams>;

/** Result of `loadPlaybook`: Temporal's record of it is the pin. */
export const PlaybookPin = z.strictObject({
  id: z.string(),
  version: z.string(),
  sha256: z.string().length(64),
  body: Playbook,
  waits: Waits,
  /** Team id → title, and the ladder, as they were at the start. */
  teamTitles: z.record(z.string(), z.string()),
  teamContacts: z.record(z.string(), z.array(z.string())),
  ladder: LadderSpec,
  /** Temporal UI of this installation, for links. */
  uiUrl: z.string().optional(),
});
export type PlaybookPin = z.infer<typeof PlaybookPin>;
