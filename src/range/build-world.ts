import { writeHistory } from './actors/history.js';
import { pastsOf } from './actors/pasts.js';
import type { Alarm } from './alerts/alarm.js';
import { buildAccounts } from './scenario/build-accounts.js';
import type { Clock } from './clock/clock.js';
import type { CloudTrailRecord } from './cloudtrail/record.js';
import type { Recorder } from './cloudtrail/recorder.js';
import { createServices } from './create-services.js';
import type { Ec2Instance } from './ec2/instances.js';
import { createFaults, type Faults } from './faults/faults.js';
import { createHandouts, type Handouts } from './handouts.js';
import type { Account } from './iam/account.js';
import type { Organization } from './organizations/organization.js';
import type { Random } from './random/random.js';
import type { RangeOptions } from './range.js';
import type { Scenario } from './scenario/schema.js';
import { createCallLog, type CallLog } from './server/call-log.js';
import { createLatency, type Latency } from './server/latency.js';
import { createPipeline } from './server/pipeline.js';
import { createTenants, type Tenants } from './server/tenant.js';
import { createIdentityCenter } from './sso-admin/create-identity-center.js';
import type { Queues } from './sqs/queues.js';
import type { IdentityCenter } from './sso-admin/identity-center.js';
import type { WireHandler } from './wire/messages.js';

/** Simulated accounts that can be called; nobody in them moves by himself. */
export interface World {
  /** The account under attack. */
  readonly account: Account;
  readonly organization: Organization | undefined;
  readonly tenants: Tenants;
  readonly instances: () => readonly Ec2Instance[];
  readonly identityCenter: IdentityCenter | undefined;
  readonly handouts: Handouts;
  /** An account's SQS queues. @throws Error for an account that is not played: a bug */
  readonly queuesOf: (accountId: string) => Queues;
  readonly stopQueues: () => void;
  /** Every CloudTrail record of every account, delivered or not, in the order of writing. */
  readonly records: readonly CloudTrailRecord[];
  readonly faults: Faults;
  readonly log: CallLog;
  readonly latency: Latency;
  readonly handle: WireHandler;
}

/** What a world is built with. */
export interface WorldDeps {
  readonly options: RangeOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** What GuardDuty has reported so far. */
  readonly alarm: Pick<Alarm, 'finding'>;
}

/** Builds the accounts of a scenario with their past, and what answers calls to them. */
export function buildWorld(scenario: Scenario, deps: WorldDeps): World {
  const { options, clock, random } = deps;
  const now = clock.now();
  const { account, all, organization } = buildAccounts(scenario, { options, clock, random });

  const identityCenter = identityCenterOf(scenario, { organization, clock, random });
  const records: CloudTrailRecord[] = [];
  const services = all.map((one) =>
    createServices(one, { scenario, ...deps, isMain: one === account, identityCenter, onRecord: (record) => void records.push(record) }),
  );
  const tenants = createTenants(services);
  const past = { ...scenario.history, pasts: pastsOf(account, scenario), now };
  writeHistory({ ...tenants.of(account.id), random: random.fork('history') }, past);

  const faults = createFaults();
  const log = createCallLog();
  const latency = createLatency({ clock, random: random.fork('latency'), seconds: options.latencySeconds });
  const handle = createPipeline({ tenants, clock, random: random.fork('calls'), faults, log, latency });
  const instances = (): readonly Ec2Instance[] => services.flatMap((one) => one.instances.all());
  const recorderOf = (accountId: string): Recorder => tenants.of(accountId).recorder;
  const handouts = createHandouts({ services, identityCenter, recorderOf, clock, random: random.fork('handouts') });
  const queuesOf = (accountId: string): Queues => {
    const owner = services.find((one) => one.account.id === accountId);
    if (owner === undefined) throw new Error(`the range does not play the account ${accountId}`);
    return owner.queues;
  };
  const stopQueues = (): void => services.forEach(({ queues }) => queues.stop());
  const world = { account, organization, tenants, instances, identityCenter, handouts, queuesOf, stopQueues };
  return { ...world, records, faults, log, latency, handle };
}

/** @throws Error for an Identity Center without an organization */
function identityCenterOf(
  { identityCenter: plan }: Scenario,
  { organization, clock, random }: Pick<WorldDeps, 'clock' | 'random'> & { readonly organization: Organization | undefined },
): IdentityCenter | undefined {
  if (plan === undefined) return undefined;
  if (organization === undefined) throw new Error('scenario: an Identity Center needs an organization');
  return createIdentityCenter(plan, { organization, clock, random: random.fork('identity-center') });
}
