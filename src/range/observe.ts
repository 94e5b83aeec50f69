import type { Holdings } from './actors/holdings.js';
import { countInnocents } from './actors/innocents.js';
import { attackerAccess } from './attacker-access.js';
import type { World } from './build-world.js';
import type { Clock } from './clock/clock.js';
import { identityProvider } from './federation/identity-provider.js';
import { snapshotOf } from './iam/snapshot.js';
import { accountKeysOf, rootKeysOf } from './identities.js';
import { organizationSnapshot } from './organizations/snapshot.js';
import type { Range } from './range.js';
import { outsideKeyOf } from './scenario/build-account.js';
import type { Scenario } from './scenario/schema.js';
import { organizationFacts, toLedgerEntry, toRangeCall, writesOf } from './views.js';

/** The part of a range that only looks. */
export type Observation = Omit<
  Range,
  'endpoint' | 'requestHandler' | 'identities' | 'actorNames' | 'startActors' | 'stopActors' | 'alertsSent' | 'stop'
>;

/** What looking needs besides the world. */
export type ObservationDeps = {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly holdings: Holdings;
  /** From where the attacker works. */
  readonly ownAddress: string;
  /** The actors who work as the principal that was stolen. */
  readonly sharers: ReadonlySet<string>;
};

/** Makes the views of a world: its ground truth, whatever AWS would tell of it. */
export function observe(world: World, { scenario, clock, holdings, ownAddress, sharers }: ObservationDeps): Observation {
  const { account, organization, tenants, instances, identityCenter, handouts, records, faults, log } = world;
  const accounts = tenants.accounts();
  const { benign, workloads } = scenario.cast;
  const attacker = {
    accounts,
    holdings,
    identityCenter,
    outsideKey: outsideKeyOf(account),
    ownAddress,
    usualAddresses: new Set([benign, ...workloads].map(({ address }) => address)),
  };
  return {
    accountId: account.id,
    ...(organization === undefined ? {} : { organization: organizationFacts(organization) }),
    rootKeys: rootKeysOf(accounts),
    accountKeys: accountKeysOf(accounts),
    identityProvider,
    handouts,
    faults,
    ledger: () => log.all().flatMap((call) => toLedgerEntry(call) ?? []),
    calls: () => log.all().map(toRangeCall),
    recorded: () => records,
    iamState: (accountId = account.id) => snapshotOf(tenants.of(accountId).account),
    organizationState: () => (organization === undefined ? undefined : organizationSnapshot(organization)),
    instances: () => instances().map(({ id, region, state }) => ({ id, region, state })),
    attackerAccess: () => attackerAccess({ ...attacker, at: clock.now() }),
    innocent: countInnocents(log, sharers),
    writesBy: (accessKeyId) => writesOf(log.all(), accessKeyId),
  };
}
