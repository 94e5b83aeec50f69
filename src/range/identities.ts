import type { Account } from './iam/account.js';
import type { Organization } from './organizations/organization.js';
import type { IdentityKey, RangeIdentities } from './range.js';
import { firstKeyOf, outsideKeyOf } from './scenario/build-account.js';
import type { Scenario } from './scenario/schema.js';

/** Where the identities of a scenario are. */
export type IdentityHomes = { readonly account: Account; readonly organization: Organization | undefined };

/** The keys that callers from outside may use, by role in the scenario. @throws Error when one has no key */
export function identitiesOf({ identities, cast }: Scenario, { account, organization }: IdentityHomes): RangeIdentities {
  const outside = outsideKeyOf(account);
  const hub = organization?.account(organization.delegatedAccountId);
  const { orchestrator } = identities;
  return {
    responder: identityIn(account, identities.responder),
    restorer: identityIn(account, identities.restorer),
    collector: identityIn(account, identities.collector),
    innocent: identityIn(account, identities.innocent),
    benign: identityIn(account, cast.benign.user),
    leaked: identityIn(account, identities.leaked),
    admin: identityIn(account, identities.admin),
    outsider: { accessKeyId: outside.accessKeyId, secretAccessKey: outside.secretAccessKey, userName: cast.opportunist.outside.userName },
    ...(orchestrator === undefined || hub === undefined ? {} : { orchestrator: identityIn(hub, orchestrator) }),
  };
}

function identityIn(account: Account, userName: string): IdentityKey {
  const { accessKeyId, secretAccessKey } = firstKeyOf(account, userName).key;
  return { accessKeyId, secretAccessKey, userName };
}

/** Root's access keys by account id. */
export function rootKeysOf(accounts: readonly Account[]): Readonly<Record<string, IdentityKey>> {
  const keys = accounts.flatMap(({ id, credentials }) =>
    credentials
      .all()
      .filter(({ bearer, session }) => bearer.kind === 'root' && session === undefined)
      .map(({ accessKeyId, secretAccessKey }) => [id, { accessKeyId, secretAccessKey, userName: 'root' }] as const),
  );
  return Object.fromEntries(keys);
}

/** Everybody's first key by account id and user name. */
export function accountKeysOf(accounts: readonly Account[]): Readonly<Record<string, Readonly<Record<string, IdentityKey>>>> {
  const keyed = (account: Account) =>
    account.credentials.all().flatMap(({ bearer, session }) => (bearer.kind === 'user' && session === undefined ? [bearer.user.name] : []));
  return Object.fromEntries(
    accounts.map((account) => [account.id, Object.fromEntries(keyed(account).map((name) => [name, identityIn(account, name)]))]),
  );
}
