import type { Account } from '../iam/account.js';
import type { IdentityKey, RangeIdentity } from '../range.js';
import { firstKeyOf } from '../scenario/build-account.js';
import type { Scenario } from '../scenario/schema.js';
import { createActorClients, type ActorClients, type Connection, type SdkCredentials } from './clients.js';
import type { Habit, Past } from './history.js';
import { opportunist } from './opportunist.js';
import type { Script } from './stage.js';
import { benignWorkload, innocentUser } from './workloads.js';

/** What the scripts are made from. */
export interface RosterDeps {
  readonly scenario: Scenario;
  readonly identities: Readonly<Record<RangeIdentity, IdentityKey>>;
  readonly connection: Connection;
}

/** The scenario's actors by name: `opportunist`, `benign`, `innocent`. */
export function scriptsOf({ scenario, identities, connection }: RosterDeps): Readonly<Record<string, () => Script>> {
  const { account, cast } = scenario;
  const clientsAs =
    (actor: 'opportunist' | 'benign' | 'innocent') =>
    (credentials: SdkCredentials): ActorClients =>
      createActorClients(connection, {
        credentials,
        appearance: { actor, address: cast[actor].address, userAgent: cast[actor].userAgent },
      });

  return {
    opportunist: () =>
      opportunist({
        plan: cast.opportunist,
        accountId: account.id,
        leakedKeyId: identities.leaked.accessKeyId,
        withKey: clientsAs('opportunist')(identities.leaked),
        clientsFor: clientsAs('opportunist'),
        fromOutside: clientsAs('opportunist')(identities.outsider),
      }),
    benign: () =>
      benignWorkload({
        everySeconds: cast.benign.everySeconds,
        clients: clientsAs('benign')(identities.benign),
        roleArn: roleArn(scenario),
      }),
    innocent: () => innocentUser({ everySeconds: cast.innocent.everySeconds, clients: clientsAs('innocent')(identities.innocent) }),
  };
}

/** The regular callers' past: what the benign workload and the innocent user have always done, from where they always do it. */
export function pastsOf(account: Account, scenario: Scenario): Past[] {
  const { benign, innocent } = scenario.cast;
  const benignHabits: Habit[] = [
    { service: 'sts', name: 'GetCallerIdentity', input: {} },
    { service: 'iam', name: 'GetUser', input: {} },
    { service: 'sts', name: 'AssumeRole', input: { RoleArn: roleArn(scenario), RoleSessionName: 'deploy' } },
  ];
  const innocentHabits: Habit[] = [
    { service: 'iam', name: 'GetUser', input: {} },
    { service: 'cloudtrail', name: 'DescribeTrails', input: {} },
  ];
  return [
    { credential: firstKeyOf(account, benign.user).key, address: benign.address, userAgent: benign.userAgent, habits: benignHabits },
    {
      credential: firstKeyOf(account, innocent.user).key,
      address: innocent.address,
      userAgent: innocent.userAgent,
      habits: innocentHabits,
    },
  ];
}

function roleArn({ account, cast }: Scenario): string {
  return `arn:aws:iam::${account.id}:role/${cast.benign.role}`;
}
