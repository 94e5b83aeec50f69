import { z } from 'zod';
import { parsePayload } from '../../src/contracts/failures.js';
import { EvidenceRef } from '../../src/contracts/primitives.js';
import { TicketRef } from '../../src/contracts/ticket.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import type { TicketSystem } from '../../src/ports/ticket-system.js';

/** Input of `attachToTicket`: the file travels as a reference, never as a payload. */
export const AttachInput = z.strictObject({
  ticket: TicketRef,
  /** File name in the ticket. */
  name: z.string().min(1).max(200),
  mediaType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type'),
  ref: EvidenceRef,
});
export type AttachInput = z.infer<typeof AttachInput>;

export interface AttachDeps {
  readonly tickets: TicketSystem;
  /** Store of redacted working copies: originals never go to a ticket. */
  readonly working: EvidenceStore;
}

/**
 * Attaches a stored file to a ticket. Idempotent by file name.
 *
 * @throws InvalidPayload, permanent: not an `AttachInput`.
 * @throws TargetNotFound, PreconditionFailed, permanent: the store has no such bytes.
 * @throws PermissionDenied, TicketRejected, permanent (also: too large); Throttled, UpstreamUnavailable, ConflictInFlight,
 * transient: see the `TicketSystem` port.
 */
export function createAttachToTicket({ tickets, working }: AttachDeps): (input: AttachInput) => Promise<void> {
  return async (input) => {
    const { ticket, name, mediaType, ref } = parsePayload(AttachInput, input, 'attachment');
    await tickets.attach(ticket, { name, mediaType, bytes: await working.get(ref) });
  };
}
