import type { Account } from '../iam/account.js';
import { firstKeyOf } from '../scenario/build-account.js';
import type { Scenario } from '../scenario/schema.js';
import type { CallLog } from '../server/call-log.js';
import type { Alarm } from './alarm.js';

/** Raises the alarm on the opportunist's first successful call that reads something: GuardDuty does not report GetCallerIdentity. */
export function watchAttacker(alarm: Alarm, { account, scenario, log }: { account: Account; scenario: Scenario; log: CallLog }): void {
  // Taken now: later the user may be gone, and its name somebody else's.
  const { user, key } = firstKeyOf(account, scenario.identities.leaked);
  const subject = {
    accountId: account.id,
    region: scenario.alerts.region,
    accessKeyId: key.accessKeyId,
    userName: user.name,
    userId: user.id,
  };
  const { address } = scenario.cast.opportunist;
  log.onCall(({ actor, api, at, allowed }) => {
    if (actor !== 'opportunist' || !allowed || api === 'sts:GetCallerIdentity') return;
    const [service = '', name = ''] = api.split(':');
    alarm.sighted({ ...subject, address, api: name, service, firstSeenAt: Date.parse(at) });
  });
}
