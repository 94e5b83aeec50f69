import { z } from 'zod';
import { DescentEdge } from './authority.js';
import { ContainmentView } from './containment.js';
import { AlertLedger, JournalLine, SealedCollection } from './incident.js';
import { Principal } from './principal.js';
import { Id, Instant } from './primitives.js';
import { OwnerStatement } from './verdict.js';

/** Who an incident is to another one. */
export const MergeParty = z.strictObject({ workflowId: Id, incidentId: Id, openedAt: Instant });
export type MergeParty = z.infer<typeof MergeParty>;

/** All that one incident hands over to the one it is part of (design 7). */
export const HandOver = z.strictObject({
  from: MergeParty,
  clockStartAt: Instant,
  alerts: AlertLedger,
  principals: z.array(Principal),
  scope: z.record(z.string(), ContainmentView),
  descents: z.record(z.string(), z.array(DescentEdge)),
  origins: z.record(z.string(), z.string()),
  ownerStatements: z.array(OwnerStatement),
  mayProceed: z.enum(['alert', 'rule']).optional(),
  ticketKey: z.string().optional(),
  evidence: z.array(SealedCollection),
  /** Its last lines; the older ones are in its own record. */
  journal: z.array(JournalLine).max(60),
});
export type HandOver = z.infer<typeof HandOver>;

/** Between two incidents that prove to be one. Each may be sent again. */
export const MergeMessage = z.discriminatedUnion('merge', [
  /** "A principal of yours is in my scope": both then know which of them goes on. */
  z.strictObject({ merge: z.literal('meet'), from: MergeParty, why: z.string() }),
  z.strictObject({ merge: z.literal('handOver'), handOver: HandOver }),
  z.strictObject({ merge: z.literal('taken'), by: MergeParty, ticketKey: z.string().optional() }),
  z.strictObject({ merge: z.literal('refused'), by: MergeParty, reason: z.string() }),
]);
export type MergeMessage = z.infer<typeof MergeMessage>;
