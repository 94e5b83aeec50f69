import type { Account } from './iam/account.js';
import type { IdentityKey, RangeIdentity } from './range.js';
import { firstKeyOf, outsideKeyOf } from './scenario/build-account.js';
import type { Scenario } from './scenario/schema.js';

/** The keys that callers from outside may use, by role in the scenario. */
export function identitiesOf(account: Account, { identities, cast }: Scenario): Readonly<Record<RangeIdentity, IdentityKey>> {
  const identity = (userName: string): IdentityKey => {
    const { accessKeyId, secretAccessKey } = firstKeyOf(account, userName).key;
    return { accessKeyId, secretAccessKey, userName };
  };
  const outside = outsideKeyOf(account);
  return {
    responder: identity(identities.responder),
    restorer: identity(identities.restorer),
    collector: identity(identities.collector),
    innocent: identity(identities.innocent),
    benign: identity(cast.benign.user),
    leaked: identity(identities.leaked),
    admin: identity(identities.admin),
    outsider: { accessKeyId: outside.accessKeyId, secretAccessKey: outside.secretAccessKey, userName: cast.opportunist.outside.userName },
  };
}
