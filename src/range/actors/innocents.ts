import type { CallLog } from '../server/call-log.js';
import { isAttacker } from './attackers.js';

/** How one actor fared who does not attack. */
export type InnocentCount = {
  readonly actor: string;
  /** Calls refused for want of rights or for a credential that works no more. */
  readonly denied: number;
  readonly ok: number;
  /** Whether it works as the principal that was stolen, which cannot be stopped without it. */
  readonly sharesStolen: boolean;
};

const DENIALS = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'AuthFailure',
  'ExpiredToken',
]);

/** Counts from now on. An actor who has not called is not in the list. */
export function countInnocents(log: CallLog, sharers: ReadonlySet<string>): () => readonly InnocentCount[] {
  const counts = new Map<string, { denied: number; ok: number }>();
  log.onCall(({ actor, allowed, errorCode = '' }) => {
    if (actor === undefined || isAttacker(actor)) return;
    const count = counts.get(actor) ?? { denied: 0, ok: 0 };
    counts.set(actor, count);
    if (allowed) count.ok += 1;
    else if (DENIALS.has(errorCode)) count.denied += 1;
  });
  return () => [...counts].map(([actor, count]) => ({ actor, ...count, sharesStolen: sharers.has(actor) }));
}
