import { isAttacker } from './actors/attackers.js';
import type { AttackerAccess } from './attacker-access.js';
import type { Organization } from './organizations/organization.js';
import type { AcceptedWrite, LedgerEntry, OrganizationFacts, RangeCall } from './range.js';
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

/** A call as a test sees it, whoever made it. */
export function toRangeCall({ callerArn = '', accountId = '', ...call }: LoggedCall): RangeCall {
  const { at, api, accessKeyId, allowed, isWrite, params, actor, sourceIdentity, errorCode } = call;
  return {
    at,
    api,
    accessKeyId,
    callerArn,
    accountId,
    allowed,
    isWrite,
    params,
    ...(actor === undefined ? {} : { actor }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

/** What can be told of an organization at the start. */
export function organizationFacts({ id, managementAccountId, delegatedAccountId, accounts }: Organization): OrganizationFacts {
  return { id, managementAccountId, delegatedAccountId, accountIds: accounts().map((account) => account.id) };
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
    ledger: ledger.filter(({ actor }) => isAttacker(actor)),
    survivors: access.filter(({ alive }) => alive),
    attackerAccess: access,
  };
}
