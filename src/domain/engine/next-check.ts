import type { Waits } from '../../contracts/playbook.js';
import type { LookupResult, WatchResult } from '../../contracts/watch.js';
import { recheckMs } from './recheck.js';

/** While something else is waited for, or put-backs are refused: looked at this often, so that the journal stays readable. */
export const SLOW_LOOK_MS = 60_000;
/** So long after the first deny the intruder may still be on the move. */
const EARLY_MS = 300_000;

/** Is the intruder likely to be on the move still? `sinceMs` after the first deny. */
export function isEarly(sinceMs: number): boolean {
  return sinceMs < EARLY_MS;
}

/** What the last look at one principal showed. */
export interface LastLook {
  readonly sinceMs: number;
  readonly found: Pick<LookupResult, 'proof'> | undefined;
  readonly drifts: WatchResult['drifts'];
  readonly isProven: boolean;
  /** New in the account, by whom CloudTrail has not said yet. */
  readonly unexplained: boolean;
}

/** Milliseconds until the next look. Until the quiet window can be complete: just after that. Later: the ladder, counted from the first write. */
export function nextCheckMs(waits: Waits, { sinceMs, found, drifts, isProven, unexplained }: LastLook): number {
  const soonMs = waits.settleSeconds * 1000;
  const wanted = [recheckMs(waits, sinceMs)];
  // A claim just withdrawn may be complete again already; somebody who was put back will try again.
  if (found?.proof.state === 'proven' && !isProven) wanted.push(soonMs);
  if (drifts.some((drift) => drift.reappliedAt !== undefined)) wanted.push(soonMs);
  if (isEarly(sinceMs) && unexplained) wanted.push(soonMs);
  if (drifts.some((drift) => drift.refused !== undefined)) wanted.push(SLOW_LOOK_MS);
  if (found !== undefined && found.proof.wantsSeconds > 0) wanted.push(found.proof.wantsSeconds * 1000 + 250);
  return Math.min(...wanted);
}
