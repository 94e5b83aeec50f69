import { parsePayload } from '../../src/contracts/failures.js';
import { TicketUpdate, type TicketState } from '../../src/contracts/ticket.js';
import type { TicketSystem } from '../../src/ports/ticket-system.js';

/**
 * Brings a ticket up to date: sub-tasks, comments in their order, status; then says which sub-tasks people have set to
 * done. Idempotent: what is there already is left alone, so a repeat goes on where the last attempt was cut off.
 *
 * @throws InvalidPayload, permanent: not a `TicketUpdate`.
 * @throws PermissionDenied, TargetNotFound, TicketRejected, permanent; Throttled, UpstreamUnavailable, ConflictInFlight,
 * transient: see the `TicketSystem` port.
 */
export function createUpdateTicket({ tickets }: { readonly tickets: TicketSystem }): (input: TicketUpdate) => Promise<TicketState> {
  return async (input) => {
    const { incidentId, ticket, status, comments, subTasks } = parsePayload(TicketUpdate, input, 'ticket update');
    const there = new Map((await tickets.subTasks(ticket)).map((state) => [state.taskId, state]));
    const behind = subTasks.filter(({ taskId, closed }) => {
      const state = there.get(taskId);
      return state === undefined || (closed !== undefined && !state.done);
    });
    for (const subTask of behind) await tickets.ensureSubTask(ticket, { ...subTask, incidentId });
    for (const comment of comments) await tickets.addComment(ticket, comment);
    await tickets.setStatus(ticket, status);
    return { subTasks: await tickets.subTasks(ticket) };
  };
}
