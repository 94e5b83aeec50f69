import { z } from 'zod';
import { Alert } from './alert.js';
import { DescentEdge } from './authority.js';
import { ContainmentView } from './containment.js';
import { EradicationPlan, EradicationResult } from './eradication.js';
import { EvidenceItemName } from './evidence.js';
import { PlaybookPin } from './playbook.js';
import { Principal, Resolution } from './principal.js';
import { EvidenceRef, Id, Instant, Severity } from './primitives.js';
import { ControlFinding, IssuedCredential, RecoveryPlan } from './recovery.js';
import { ActResult, Task } from './task.js';
import { TicketRef } from './ticket.js';
import { TimelineSummary } from './timeline.js';
import { OwnerStatement, Verdict } from './verdict.js';

export const IncidentPhase = z.enum(['triage', 'responding', 'recovering', 'holding', 'followUp', 'closed']);
export type IncidentPhase = z.infer<typeof IncidentPhase>;

/** An absolute SLA clock (design 6): deadline = startAt + minutes + pausedMs. */
export const Clock = z.strictObject({
  clockId: Id,
  stepId: Id,
  title: z.string(),
  team: Id,
  from: z.enum(['detected', 'recovered', 'decided']),
  /** Absent until the moment it counts from is known. */
  startAt: Instant.optional(),
  minutes: z.number().positive(),
  pausedMs: z.number(),
  pause: z.strictObject({ at: Instant, untilAt: Instant, reason: z.string(), subject: Id }).optional(),
  /** How many of the rungs 50 %, 75 %, 100 % were handled. */
  rungsDone: z.number().int().min(0).max(3),
  metAt: Instant.optional(),
  breachedAt: Instant.optional(),
  /** The step ended without the clock having a meaning (skipped, not needed). */
  cancelledAt: Instant.optional(),
  /** The next breach was already announced in an earlier message of the same five minutes. */
  announced: z.boolean().optional(),
});
export type Clock = z.infer<typeof Clock>;

/** waiting = its needs are not done; blocked = a task says what is missing. */
export const StepStatus = z.enum(['waiting', 'running', 'blocked', 'done', 'doneByHand', 'skipped', 'notNeeded']);
export type StepStatus = z.infer<typeof StepStatus>;

export const StepState = z.strictObject({
  stepId: Id,
  status: StepStatus,
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  outcome: z.string().optional(),
  /** Scratch of the behaviour, so that it can be re-entered after continue-as-new. */
  progress: z.string().optional(),
});
export type StepState = z.infer<typeof StepState>;

export const JournalLine = z.strictObject({ at: Instant, who: z.string(), text: z.string().max(1000) });
export type JournalLine = z.infer<typeof JournalLine>;

/** Alerts of the incident: ids and counts of all, the newest facts whole. */
export const AlertLedger = z.strictObject({
  total: z.number().int(),
  bySource: z.record(z.string(), z.number().int()),
  /** `source|alertId|bodySha256` of those seen, newest last; a repeat changes nothing. */
  seen: z.array(z.string()).max(2000),
  /** At most 5, the ones that carry the most facts. */
  kept: z.array(Alert).max(5),
});
export type AlertLedger = z.infer<typeof AlertLedger>;

/** Where the escalation ladder stands. Times are absolute. */
export const LadderState = z.strictObject({
  startedAt: Instant,
  /** Index of the next rung to page; rungs.length = all paged. */
  nextRung: z.number().int(),
  nextAt: Instant.optional(),
  acknowledgedBy: z.string().optional(),
  acknowledgedAt: Instant.optional(),
  /** The acknowledgement holds until here, then re-arms when nothing moved. */
  ackHoldsUntilAt: Instant.optional(),
  /** Last time anything moved (task answered, step ended, containment state changed). */
  lastMoveAt: Instant,
  pages: z.array(z.strictObject({ at: Instant, team: Id, why: z.string() })),
});
export type LadderState = z.infer<typeof LadderState>;

/** What the ticket shows so far. */
export const TicketProgress = z.strictObject({
  ref: TicketRef,
  /** Journal lines it has, counted from the first line ever. */
  linesSent: z.number().int(),
  /** What of tasks and phase it has; differs = an update is due. */
  shown: z.string(),
  /** Sub-tasks by task id. */
  subTasks: z.record(z.string(), z.string()),
  updatedAt: Instant,
  /** Why the last update failed. */
  trouble: z.string().optional(),
});
export type TicketProgress = z.infer<typeof TicketProgress>;

/** A sealed collection of evidence. */
export const SealedCollection = z.strictObject({
  collectionId: Id,
  manifest: EvidenceRef,
  collected: z.array(EvidenceItemName),
  /** Item and reason. */
  absent: z.array(z.string()),
});
export type SealedCollection = z.infer<typeof SealedCollection>;

/** The whole incident: one serialisable object, carried through continue-as-new. */
export const IncidentState = z.strictObject({
  incidentId: Id,
  lockId: Id,
  openedAt: Instant,
  clockStartAt: Instant,
  previousIncidentId: z.string().optional(),
  runs: z.number().int(),
  severity: Severity,
  phase: IncidentPhase,
  pin: PlaybookPin.optional(),
  resolution: Resolution.optional(),
  principals: z.array(Principal),
  alerts: AlertLedger,
  verdict: Verdict.optional(),
  ownerStatements: z.array(OwnerStatement),
  steps: z.record(z.string(), StepState),
  tasks: z.array(Task),
  nextTask: z.number().int(),
  clocks: z.array(Clock),
  ladder: LadderState,
  /** Last whole view per containment id. */
  scope: z.record(z.string(), ContainmentView),
  journal: z.array(JournalLine).max(200),
  journalArchived: z.number().int(),
  /** Answers of the last 200 acts, by actId. */
  acts: z.array(ActResult).max(200),
  /** Why it closes: set once, ends the workflow after the drain. */
  closing: z.strictObject({ outcome: z.enum(['resolved', 'benign', 'joined', 'closed']), reason: z.string(), at: Instant }).optional(),
  decidedAt: Instant.optional(),
  recoveredAt: Instant.optional(),
  /** Messages numbered so far; part of each notification id, so a repeat is recognised. */
  notices: z.number().int().optional(),
  /** Team id → when it was last told anything, and when it was last told what waits for it. */
  toldAt: z.record(z.string(), Instant).optional(),
  heldToldAt: z.record(z.string(), Instant).optional(),
  /** `<team>|<blocking step>`: owners of blocked steps, told once. */
  blockedTold: z.array(z.string()).optional(),
  /** `<containmentId>|<kind of authority>`: orders `proceed` already given. */
  proceeded: z.array(z.string()).optional(),
  /** Why containments may act: the verdict (or a person's) on the alert, or the no-answer rule. */
  mayProceed: z.enum(['alert', 'rule']).optional(),
  /** Alerts last sent to the containments, as keys of the ledger. */
  factsSent: z.string().optional(),
  /** An undo is under way; the incident closes so once everything is released. */
  closeWhenReleased: z.strictObject({ outcome: z.enum(['benign', 'closed']), reason: z.string() }).optional(),
  /** Lock of a principal → the events that lead to it from the principal of an alert. */
  descents: z.record(z.string(), z.array(DescentEdge)).optional(),
  /** Events of descendants that were looked at. */
  descendantsSeen: z.array(Id).max(400).optional(),
  /** Incidents that became part of this one. */
  merged: z
    .array(
      z.strictObject({
        incidentId: Id,
        workflowId: Id,
        at: Instant,
        ticketKey: z.string().optional(),
        evidence: z.array(SealedCollection),
      }),
    )
    .optional(),
  /** Workflow ids of incidents that were told that this one and theirs are one. */
  meeting: z.array(Id).optional(),
  /** This incident is part of that one and hands over to it. */
  handedTo: Id.optional(),
  /** ARN → how it entered scope, for principals that no alert named. */
  origins: z.record(z.string(), z.string()).optional(),
  ticket: TicketProgress.optional(),
  /** Oldest first; each manifest names the hash of the one before. */
  evidence: z.array(SealedCollection).optional(),
  timeline: TimelineSummary.optional(),
  eradication: z.strictObject({ plan: EradicationPlan.optional(), results: z.array(EradicationResult) }).optional(),
  recovery: z
    .strictObject({ plans: z.array(RecoveryPlan), issued: z.array(IssuedCredential), controls: z.array(ControlFinding) })
    .optional(),
  /** What was written last: record, reportHtml, reportMarkdown, metrics. */
  files: z.record(z.string(), EvidenceRef).optional(),
  /** Workflow id of its follow-up, once started. */
  followUpId: z.string().optional(),
  /** The prefilled review document of a follow-up. */
  review: EvidenceRef.optional(),
  /** This is a follow-up: no principal, no ladder, only its steps. */
  followUpOf: z.string().optional(),
});
export type IncidentState = z.infer<typeof IncidentState>;

/** Start input of `incidentResponse`. Small: Temporal UI shows it on top. Alerts come only by signal. */
export const IncidentInput = z.strictObject({
  incidentId: Id,
  playbookId: Id,
  openedAt: Instant,
  /** detectedAt clamped to the 24 h before receipt, fixed at opening. */
  clockStartAt: Instant,
  previousIncidentId: Id.optional(),
  /** For tests: history length that asks for continue-as-new (default in `workflows/runtime/roll-over.ts`). */
  continueAsNewAfterEvents: z.number().int().positive().optional(),
  resume: IncidentState.optional(),
});
export type IncidentInput = z.infer<typeof IncidentInput>;

/** Start input of `followUp`: made by its incident, whole. */
export const FollowUpInput = z.strictObject({
  state: IncidentState,
  continueAsNewAfterEvents: z.number().int().positive().optional(),
});
export type FollowUpInput = z.infer<typeof FollowUpInput>;

/** Result of `incidentResponse` and `followUp`. */
export const IncidentResult = z.strictObject({
  incidentId: Id,
  outcome: z.enum(['resolved', 'benign', 'joined', 'closed']),
  reason: z.string(),
  closedAt: Instant,
});
export type IncidentResult = z.infer<typeof IncidentResult>;
