import type { AttackerAccess } from './attacker-access.js';
import type { AcceptedWrite, LedgerEntry } from './range.js';
import type { LoggedCall } from './server/call-log.js';

/** An actor's call as the ledger shows it; undefined for everybody else's. */
export function toLedgerEntry({ at, actor, api, accessKeyId, allowed, errorCode, eventId }: LoggedCall): LedgerEntry | undefined {
  if (actor === undefined) return undefined;
  return {
    at,
    actor,
    api,
    accessKeyId,
    allowed,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(eventId === undefined ? {} : { eventId }),
  };
}

/** The accepted changes of one key, in order. */
export function writesOf(calls: readonly LoggedCall[], wanted: string): AcceptedWrite[] {
  return calls
    .filter(({ isWrite, allowed, accessKeyId }) => isWrite && allowed && accessKeyId === wanted)
    .map(({ at, api, params, requestId }) => ({ at, api, params, requestId }));
}

/** What `GET /_range/verdict` answers: the attacker's ledger and what survives. */
export function verdictPage(ledger: readonly LedgerEntry[], access: readonly AttackerAccess[]): object {
  return {
    ledger: ledger.filter(({ actor }) => actor === 'opportunist'),
    survivors: access.filter(({ alive }) => alive),
    attackerAccess: access,
  };
}
