import { parsePayload } from '../../src/contracts/failures.js';
import { IncidentTicket, type TicketRef } from '../../src/contracts/ticket.js';
import type { TicketSystem } from '../../src/ports/ticket-system.js';

export interface TicketDeps {
  readonly tickets: TicketSystem;
}

/**
 * Creates the incident's ticket, or finds the one there is. Idempotent by incident id, also on another worker and after a
 * lost answer. With Jira a first call takes about 20 s: its search index is given time before anything is created.
 *
 * @throws InvalidPayload, permanent: not an `IncidentTicket`.
 * @throws PermissionDenied, TargetNotFound, TicketRejected, permanent; Throttled, UpstreamUnavailable, ConflictInFlight,
 * transient: see the `TicketSystem` port.
 */
export function createCreateTicket({ tickets }: TicketDeps): (input: IncidentTicket) => Promise<TicketRef> {
  return async (input) => tickets.ensureTicket(parsePayload(IncidentTicket, input, 'incident ticket'));
}
