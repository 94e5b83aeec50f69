import { z } from 'zod';
import { Id, Instant, Severity } from './primitives.js';

/** A ticket or sub-task as its system names it. `url` opens it in a browser (a `file:` URL for the local one). */
export const TicketRef = z.strictObject({ key: Id, url: z.string() });
export type TicketRef = z.infer<typeof TicketRef>;

/** What a reader of the ticket sees of the incident's standing; mapped to the workflow of the ticket system. */
export const TicketStatus = z.enum(['open', 'inProgress', 'closed']);
export type TicketStatus = z.infer<typeof TicketStatus>;

/** Input of `createTicket`: one ticket per incident, found again by `incidentId`. */
export const IncidentTicket = z.strictObject({
  incidentId: Id,
  title: z.string().min(1),
  severity: Severity,
  categories: z.array(z.string()),
  nistCsf: z.array(z.string()),
  /** `PLAYBOOK-P02-INC-…`. */
  reference: z.string(),
  openedAt: Instant,
  detectedAt: Instant,
  /** What is known, one line each. Attacker-chosen strings may stand in it. */
  facts: z.array(z.string()),
  /** `team: addresses`, one line each. */
  contacts: z.array(z.string()),
  links: z.array(z.strictObject({ title: z.string(), url: z.string() })),
});
export type IncidentTicket = z.infer<typeof IncidentTicket>;

/** A task of the incident as a sub-task. `closed` holds how it ended. */
export const SubTask = z.strictObject({
  taskId: Id,
  title: z.string().min(1),
  lookAt: z.array(z.string()),
  /** Team title. */
  owner: z.string(),
  dueAt: Instant.optional(),
  closed: z.string().optional(),
});
export type SubTask = z.infer<typeof SubTask>;

/** Input of `updateTicket`: everything the ticket should show by now. Sending it twice changes nothing. */
export const TicketUpdate = z.strictObject({
  incidentId: Id,
  ticket: TicketRef,
  status: TicketStatus,
  /** Journal lines since the last update; `commentId` makes a repeat recognisable. */
  comments: z.array(z.strictObject({ commentId: Id, at: Instant, lines: z.array(z.string()) })),
  subTasks: z.array(SubTask),
});
export type TicketUpdate = z.infer<typeof TicketUpdate>;

/** Result of `updateTicket`. */
export const TicketState = z.strictObject({
  subTasks: z.array(z.strictObject({ taskId: Id, key: Id, done: z.boolean(), doneBy: z.string().optional() })),
});
export type TicketState = z.infer<typeof TicketState>;
