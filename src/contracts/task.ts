import { z } from 'zod';
import { ConsentWanted } from './authority.js';
import { Id, Instant, Jws } from './primitives.js';

/** One answer of one person to a task. */
export const TaskAnswer = z.strictObject({
  actId: Id,
  subject: Id,
  choice: z.string(),
  reason: z.string(),
  at: Instant,
  /** The signed consent, where the task needs one. */
  record: Jws.optional(),
});
export type TaskAnswer = z.infer<typeof TaskAnswer>;

/** The one model for everything that waits for a person (design 6). */
export const Task = z.strictObject({
  /** Short, typeable, unique in the incident: `T1`, `T2`, … */
  taskId: Id,
  /** Playbook step it belongs to. */
  stepId: z.string(),
  /** manual = do it and say done; decision = choose; consent = signatures; blocked = an automated step could not act. */
  kind: z.enum(['manual', 'decision', 'consent', 'blocked']),
  title: z.string(),
  lookAt: z.array(z.string()),
  team: Id,
  choices: z.array(z.string()).min(1),
  needsSignature: z.boolean(),
  quorum: z.number().int().min(1),
  consent: ConsentWanted.extend({ expiresAt: Instant }).optional(),
  /** `<containmentId>#<needId>` when a containment asked for it. */
  needKey: z.string().optional(),
  /** Who asked for what is to be consented to: never one of the people where two are needed. */
  requestedBy: Id.optional(),
  openedAt: Instant,
  answerByAt: Instant.optional(),
  answers: z.array(TaskAnswer),
  closedAt: Instant.optional(),
  outcome: z.string().optional(),
});
export type Task = z.infer<typeof Task>;

const actBase = { actId: Id, subject: Id };

/** The one message from people (design 6). The CLI's verbs are names for it. */
export const Act = z.discriminatedUnion('act', [
  z.strictObject({
    ...actBase,
    act: z.literal('decide'),
    taskId: Id,
    choice: z.string().min(1),
    reason: z.string(),
    record: Jws.optional(),
  }),
  z.strictObject({ ...actBase, act: z.literal('acknowledge') }),
  z.strictObject({ ...actBase, act: z.literal('pause'), clockId: Id, reason: z.string().min(3), untilAt: Instant }),
  z.strictObject({ ...actBase, act: z.literal('resume'), clockId: Id }),
  z.strictObject({ ...actBase, act: z.literal('note'), text: z.string().min(1).max(2000) }),
  z.strictObject({
    ...actBase,
    act: z.literal('request'),
    what: z.enum(['restore', 'close', 'addPrincipal', 'wasMe', 'notMe']),
    /** Containment id, principal ARN or access key id; empty = the incident's only principal. */
    target: z.string(),
    reason: z.string().min(3),
  }),
]);
export type Act = z.infer<typeof Act>;

/** Answer to an act. `refused` acts change nothing; a repeated actId gets its first answer again. */
export const ActResult = z.strictObject({ actId: Id, accepted: z.boolean(), message: z.string(), taskId: z.string().optional() });
export type ActResult = z.infer<typeof ActResult>;
