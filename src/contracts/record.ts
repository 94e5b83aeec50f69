import { z } from 'zod';
import { IncidentResult, IncidentPhase, JournalLine, StepStatus } from './incident.js';
import { EradicationResult } from './eradication.js';
import { EvidenceRef, Id, Instant, Severity } from './primitives.js';
import { IssuedCredential } from './recovery.js';
import { TicketRef } from './ticket.js';
import { TimelineSummary } from './timeline.js';
import { Verdict } from './verdict.js';

/** Moments of aws-domain 9 in the words of design 4. */
export const MomentName = z.enum([
  'firstMalicious',
  'compromise',
  'detected',
  'received',
  'acknowledged',
  'firstAction',
  'applied',
  'effectiveFrom',
  'proven',
  'eradicated',
  'recovered',
  'released',
  'closed',
]);
export type MomentName = z.infer<typeof MomentName>;

/** A moment, with what fixed it: an event id, an alert, a step, a person. Never edited, corrections are appended. */
export const Moment = z.strictObject({ name: MomentName, at: Instant, fixedBy: z.string().min(1) });
export type Moment = z.infer<typeof Moment>;

export const MetricName = z.enum(['mttd', 'mtta', 'mttrRespond', 'mttcApplied', 'mttc', 'mttrRecover', 'dwell']);
export type MetricName = z.infer<typeof MetricName>;

/** One metric of one incident. `seconds` is null where a moment is missing; `why` says which, or which fall-back was used. */
export const Metric = z.strictObject({
  name: MetricName,
  seconds: z.number().nullable(),
  targetSeconds: z.number().nullable(),
  from: MomentName,
  to: MomentName,
  why: z.string(),
});
export type Metric = z.infer<typeof Metric>;

/** How one principal was contained. `automated` = no person executed a step; approved-then-automatic counts. */
export const ContainmentRecord = z.strictObject({
  principalArn: Id,
  state: z.string(),
  automated: z.boolean(),
  tier: z.string(),
  appliedAt: Instant.optional(),
  effectiveFromAt: Instant.optional(),
  provenAt: Instant.optional(),
  releasedAt: Instant.optional(),
  provenBy: z.array(z.string()),
  limits: z.array(z.string()),
  drifts: z.number().int(),
  withdrawn: z.number().int(),
});
export type ContainmentRecord = z.infer<typeof ContainmentRecord>;

/** What is left of an incident when Temporal has forgotten it; everything the report is made from. */
export const IncidentRecord = z.strictObject({
  format: z.literal('tourniquet-record-1'),
  incidentId: Id,
  previousIncidentId: z.string().optional(),
  /** Set for the record of a follow-up: no incident of its own, and no part of the metrics. */
  followUpOf: z.string().optional(),
  summary: z.string(),
  severity: Severity,
  phase: IncidentPhase,
  playbook: z.strictObject({
    id: z.string(),
    version: z.string(),
    sha256: z.string(),
    title: z.string(),
    reference: z.string(),
    categories: z.array(z.string()),
    nistCsf: z.array(z.string()),
    waits: z.string(),
  }),
  result: IncidentResult.optional(),
  verdict: Verdict.optional(),
  alerts: z.array(z.strictObject({ source: z.string(), alertId: z.string(), type: z.string(), title: z.string(), detectedAt: Instant })),
  alertCount: z.number().int(),
  moments: z.array(Moment),
  metrics: z.array(Metric),
  containments: z.array(ContainmentRecord),
  steps: z.array(
    z.strictObject({
      stepId: z.string(),
      title: z.string(),
      phase: z.string(),
      owner: z.string(),
      status: StepStatus,
      startedAt: Instant.optional(),
      endedAt: Instant.optional(),
      dueAt: Instant.optional(),
      breachedAt: Instant.optional(),
      pausedMs: z.number(),
      outcome: z.string().optional(),
    }),
  ),
  tasks: z.array(
    z.strictObject({
      taskId: z.string(),
      title: z.string(),
      owner: z.string(),
      openedAt: Instant,
      closedAt: Instant.optional(),
      outcome: z.string().optional(),
      answers: z.array(z.strictObject({ subject: z.string(), choice: z.string(), reason: z.string(), at: Instant })),
    }),
  ),
  timeline: TimelineSummary.optional(),
  ticket: TicketRef.optional(),
  evidence: z.array(
    z.strictObject({ collectionId: z.string(), manifest: EvidenceRef, collected: z.array(z.string()), absent: z.array(z.string()) }),
  ),
  eradicated: z.array(EradicationResult),
  issued: z.array(IssuedCredential),
  journal: z.array(JournalLine),
  recordedAt: Instant,
});
export type IncidentRecord = z.infer<typeof IncidentRecord>;

/** Result of `recordIncident`: where record, report and metrics are, relative to the working folder. */
export const RecordResult = z.strictObject({
  record: EvidenceRef,
  reportHtml: EvidenceRef,
  reportMarkdown: EvidenceRef,
  metrics: EvidenceRef,
});
export type RecordResult = z.infer<typeof RecordResult>;
