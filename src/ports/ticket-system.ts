import type { IncidentTicket, SubTask, TicketRef, TicketStatus } from '../contracts/ticket.js';

export interface Attachment {
  /** File name, unique in the ticket: an attachment of that name that is there already is not added again. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A sub-task as it is now. */
export interface SubTaskState {
  readonly taskId: string;
  readonly key: string;
  readonly done: boolean;
  /** Who set it to done, where the system tells. */
  readonly doneBy?: string;
}

/**
 * The incident management system (design 12). Every method may be called again with the same input, also while the
 * answer of the first call was lost: there is one ticket per incident, one sub-task per task, one comment per commentId.
 * The ticket system approves nothing.
 *
 * Failures: PermissionDenied, TargetNotFound, TicketRejected (permanent, name the field or right that is missing);
 * Throttled (with the system's Retry-After), UpstreamUnavailable (transient).
 */
export interface TicketSystem {
  /** Name for journal, README and `doctor`. */
  readonly name: string;
  ensureTicket(ticket: IncidentTicket): Promise<TicketRef>;
  ensureSubTask(parent: TicketRef, subTask: SubTask & { readonly incidentId: string }): Promise<TicketRef>;
  addComment(
    ticket: TicketRef,
    comment: { readonly commentId: string; readonly at: string; readonly lines: readonly string[] },
  ): Promise<void>;
  setStatus(ticket: TicketRef, status: TicketStatus): Promise<void>;
  attach(ticket: TicketRef, attachment: Attachment): Promise<void>;
  subTasks(parent: TicketRef): Promise<SubTaskState[]>;
  /** For `doctor`: what is missing, or nothing. */
  check(): Promise<string[]>;
}
