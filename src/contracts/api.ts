import { z } from 'zod';
import { IntakeResult } from './alert.js';
import { Instant, Severity } from './primitives.js';

const Reason = z.string().max(2_000);
/** Given by the caller, so that a request that is sent again acts once. */
const ActId = z.uuid();
const Hint = z.string().min(1).max(2_048);

/** An answer to a task: by task id, or by step id when the step has one open task that takes the choice. */
export const DecideBody = z.strictObject({
  task: z.string().min(1).max(128),
  choice: z.string().min(1).max(64),
  reason: Reason.default(''),
  team: z.string().min(1).max(128).optional(),
  actId: ActId.optional(),
});
export const AcknowledgeBody = z.strictObject({ actId: ActId.optional() });
export const NoteBody = z.strictObject({ text: z.string().min(1).max(2_000), actId: ActId.optional() });
export const PauseBody = z.strictObject({
  clock: z.string().min(1).max(128),
  untilAt: Instant,
  reason: Reason.min(3),
  actId: ActId.optional(),
});
export const ResumeBody = z.strictObject({ clock: z.string().min(1).max(128), actId: ActId.optional() });
export const RequestBody = z.strictObject({
  what: z.enum(['restore', 'close', 'addPrincipal', 'wasMe', 'notMe']),
  /** Containment id, principal ARN or access key id; empty = the incident's only principal. */
  target: z.string().max(2_048).default(''),
  reason: Reason.min(3),
  actId: ActId.optional(),
});

/** An incident opened by hand. At least a key, an ARN, or a user with its account. */
export const OpenBody = z.strictObject({
  title: z.string().min(3).max(512),
  severity: Severity.default('HIGH'),
  accessKeyId: Hint.optional(),
  userName: Hint.optional(),
  arn: Hint.optional(),
  account: Hint.optional(),
  region: Hint.optional(),
});

/** Seconds to wait for what became of an alert: resolving has 60 s (design 10). */
export const WaitQuery = z.strictObject({ waitSeconds: z.coerce.number().int().min(0).max(90).default(0) });
export const ListQuery = z.strictObject({ state: z.enum(['open', 'closed']).default('open') });
export const ReportQuery = z.strictObject({ format: z.enum(['html', 'md', 'json']).default('html') });

/** One alert that Temporal has. `duplicate`: this very body had been received before, nothing was started. */
export const IntakeAnswer = z.strictObject({
  workflowId: z.string(),
  duplicate: z.boolean(),
  alertId: z.string(),
  disposition: z.enum(['open', 'review', 'ignore']),
  /** Null while it is not known. */
  outcome: IntakeResult.nullable(),
});
export type IntakeAnswer = z.infer<typeof IntakeAnswer>;
export const IntakesAnswer = z.strictObject({ intakes: z.array(IntakeAnswer) });

/** Every answer that is not what was asked for. */
export const ProblemAnswer = z.object({ error: z.string(), requestId: z.string().optional() });

/** One incident as the list shows it. */
export const IncidentListRow = z.strictObject({
  incidentId: z.string(),
  workflowId: z.string(),
  severity: z.string(),
  phase: z.string(),
  clock: z.string(),
  waitingFor: z.string(),
  owner: z.string(),
  containment: z.string(),
  nextDeadline: z.string().nullable(),
});
export type IncidentListRow = z.infer<typeof IncidentListRow>;
export const ListAnswer = z.strictObject({ incidents: z.array(IncidentListRow) });

/** One clock as it stands. Times are absolute; `dueAt` is null until the clock has started. */
export const ClockAnswer = z.strictObject({
  clockId: z.string(),
  title: z.string(),
  team: z.string(),
  condition: z.enum(['notStarted', 'onTrack', 'dueSoon', 'breached', 'paused', 'met', 'cancelled']),
  startAt: Instant.nullable(),
  dueAt: Instant.nullable(),
  /** Negative when the deadline has passed. */
  secondsLeft: z.number().int().nullable(),
  pausedUntilAt: Instant.nullable(),
});
export type ClockAnswer = z.infer<typeof ClockAnswer>;
export const ClocksAnswer = z.strictObject({ incidentId: z.string(), clocks: z.array(ClockAnswer) });

/** One part of readiness. `detail` names no host and no secret. */
export const ReadyPart = z.strictObject({ ok: z.boolean(), detail: z.string() });
export const ReadyAnswer = z.strictObject({
  ready: z.boolean(),
  checkedAt: Instant,
  parts: z.record(z.string(), ReadyPart),
});
export type ReadyAnswer = z.infer<typeof ReadyAnswer>;
