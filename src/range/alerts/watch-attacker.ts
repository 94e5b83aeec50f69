import { isAttacker } from '../actors/attackers.js';
import type { Holdings } from '../actors/holdings.js';
import type { Account } from '../iam/account.js';
import type { Credential } from '../iam/credentials.js';
import type { Scenario } from '../scenario/schema.js';
import type { CallLog } from '../server/call-log.js';
import { accountIdOf, userIdOfBearer } from '../server/context.js';
import type { Alarm } from './alarm.js';
import { FINDING_TYPES, type FindingType } from './finding-types.js';
import type { Subject } from './findings.js';

/** What watching needs. */
export interface AttackerWatchDeps {
  readonly accounts: readonly Account[];
  readonly scenario: Scenario;
  readonly log: CallLog;
  readonly holdings: Holdings;
}

/**
 * Raises the alarm on the attacker's first successful call with what he stole: GuardDuty does not report GetCallerIdentity. From an
 * address where others work as usual, only a change stands out.
 */
export function watchAttacker(alarm: Alarm, { accounts, scenario, log, holdings }: AttackerWatchDeps): void {
  const { region } = scenario.alerts;
  const usual = scenario.cast.benign.address;
  log.onCall(({ actor, api, at, allowed, accessKeyId, sourceIp, isWrite }) => {
    if (actor === undefined || !isAttacker(actor) || !allowed || api === 'sts:GetCallerIdentity') return;
    if (accessKeyId !== holdings.loot() || (sourceIp === usual && !isWrite)) return;
    const credential = accounts.flatMap(({ credentials }) => credentials.find(accessKeyId) ?? []).at(0);
    if (credential === undefined) return;
    const [service = '', name = ''] = api.split(':');
    const type = typeOf(credential, { isUsual: sourceIp === usual });
    alarm.sighted({ ...subjectOf(credential), region, type, address: sourceIp, api: name, service, firstSeenAt: Date.parse(at) });
  });
}

function typeOf({ session }: Credential, { isUsual }: { isUsual: boolean }): FindingType {
  if (isUsual) return FINDING_TYPES.persistence;
  return session?.ec2RoleDelivery === undefined ? FINDING_TYPES.maliciousCaller : FINDING_TYPES.instanceExfiltration;
}

/** The identity in the words of GuardDuty's `accessKeyDetails`: a session is named by its issuer in CloudTrail, root by the word. */
function subjectOf({ accessKeyId, bearer }: Credential): Subject {
  const base = { accountId: accountIdOf(bearer), accessKeyId, userId: userIdOfBearer(bearer) };
  switch (bearer.kind) {
    case 'user':
      return { ...base, userType: 'IAMUser', userName: bearer.user.name };
    case 'federated':
      return { ...base, userType: 'FederatedUser', userName: bearer.user.name };
    case 'role':
      return { ...base, userType: 'AssumedRole', userName: bearer.role.name };
    case 'root':
      return { ...base, userType: 'Root', userName: 'Root' };
    case 'external':
    case 'outside':
      throw new Error(`GuardDuty does not report ${bearer.kind} callers`);
  }
}
