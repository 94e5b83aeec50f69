import type { Ec2Instance } from '../ec2/instances.js';
import type { Handouts } from '../handouts.js';
import type { Account } from '../iam/account.js';
import { principalOf } from '../iam/credentials.js';
import type { IdentityKey, RangeIdentities } from '../range.js';
import { firstKeyOf } from '../scenario/build-account.js';
import type { Scenario } from '../scenario/schema.js';
import { sessionRestriction } from '../server/authenticate.js';
import { createArsenal, type Identified } from './arsenal.js';
import type { AttackerKind } from './attackers.js';
import { createActorClients, type ActorClients, type Appearance, type Connection, type SdkCredentials } from './clients.js';
import type { Habit, Past } from './history.js';
import type { Holdings } from './holdings.js';
import { juggler } from './juggler.js';
import { opportunist } from './opportunist.js';
import { otherResponder } from './other-responder.js';
import { passingThief } from './passing-thief.js';
import { persister, type FighterDeps } from './persister.js';
import type { WorkloadPlans } from './scenario.js';
import type { Script } from './stage.js';
import { prepareTheft, type Theft } from './thefts.js';
import { assumedBy, benignWorkload, innocentUser, roleWorkload, type CredentialSource } from './workloads.js';

/** What the scripts are made from. */
export interface RosterDeps {
  readonly scenario: Scenario;
  readonly attacker: AttackerKind;
  readonly theft: Theft;
  readonly hasOtherResponder: boolean;
  readonly identities: RangeIdentities;
  /** Keys of users and of root in the account under attack. */
  readonly userKeys: Readonly<Record<string, IdentityKey>>;
  readonly rootKey: IdentityKey | undefined;
  readonly accounts: readonly Account[];
  readonly instances: () => readonly Ec2Instance[];
  readonly handouts: Handouts;
  readonly holdings: Holdings;
  readonly connection: Connection;
}

type ClientsFor = (credentials: SdkCredentials) => ActorClients;

/**
 * The scenario's actors by name: the attacker by his kind, `benign`, `innocent`, its other workloads, and `otherResponder` when wanted.
 *
 * @throws Error when the scenario has nobody for the theft, or no other responder
 */
export function scriptsOf(deps: RosterDeps): Readonly<Record<string, () => Script>> {
  const { scenario, identities, attacker } = deps;
  const { benign, innocent, workloads } = scenario.cast;
  const clientsAs =
    (actor: string, { address, userAgent }: Pick<Appearance, 'address' | 'userAgent'>): ClientsFor =>
    (credentials) =>
      createActorClients(deps.connection, { credentials, appearance: { actor, address, userAgent } });

  return {
    [attacker]: attackerScript(deps, clientsAs(attacker, appearanceOf(deps))),
    benign: () =>
      benignWorkload({
        everySeconds: benign.everySeconds,
        clients: clientsAs('benign', benign)(identities.benign),
        roleArn: roleArn(scenario, benign.role),
      }),
    innocent: () => innocentUser({ everySeconds: innocent.everySeconds, clients: clientsAs('innocent', innocent)(identities.innocent) }),
    ...Object.fromEntries(
      workloads.map((plan) => {
        const clientsFor = clientsAs(plan.name, plan);
        const source = sourceOf(deps, { plan, clientsFor });
        return [plan.name, () => roleWorkload({ everySeconds: plan.everySeconds, source, clientsFor })];
      }),
    ),
    ...(deps.hasOtherResponder ? { otherResponder: otherResponderScript(deps, clientsAs) } : {}),
  };
}

/** From where an attacker works: the insider sits in the office, where the workload is, too. */
export function appearanceOf({ scenario, attacker }: Pick<RosterDeps, 'scenario' | 'attacker'>): Appearance {
  const { benign, opportunist: stranger } = scenario.cast;
  const { address, userAgent } = attacker === 'insider' ? benign : stranger;
  return { actor: attacker, address, userAgent };
}

function attackerScript(deps: RosterDeps, clientsFor: ClientsFor): () => Script {
  const { scenario, identities, attacker, theft } = deps;
  const { account, cast } = scenario;
  const plan = cast.opportunist;
  const fromOutside = clientsFor(identities.outsider);
  const steal = prepareTheft(theft, { ...deps, appearance: appearanceOf(deps), clientsFor });
  const fighter = (): FighterDeps => {
    const arsenal = createArsenal({ identify: identifierOf(deps), clientsFor, onGain: (keyId) => deps.holdings.take(keyId) });
    return {
      arsenal,
      steal,
      fromOutside,
      handouts: deps.handouts,
      accountId: account.id,
      outsideAccountId: plan.outside.accountId,
      startAfterSeconds: plan.startAfterSeconds,
      roleArns: [...(cast.targets === undefined ? [] : [cast.targets.role.name]), cast.benign.role].map((name) => roleArn(scenario, name)),
      imageId: plan.makes.imageId,
      instanceType: plan.makes.instanceType,
      signInAgain: () => {
        const session = deps.holdings.portal();
        if (session === undefined) return undefined;
        try {
          return arsenal.gain(deps.handouts.accessPortal(session));
        } catch {
          // The portal offers the role no more.
          return undefined;
        }
      },
    };
  };
  switch (attacker) {
    case 'persister':
    case 'insider':
      return () => persister(fighter());
    case 'juggler':
      return () => juggler(fighter());
    case 'opportunist':
      if (theft !== 'userKey') return () => passingThief({ ...fighter(), plan });
      return () =>
        opportunist({
          plan,
          accountId: account.id,
          leakedKeyId: identities.leaked.accessKeyId,
          withKey: clientsFor(identities.leaked),
          clientsFor,
          fromOutside,
        });
  }
}

/** What GetCallerIdentity would tell him, without the call. */
function identifierOf({ accounts }: RosterDeps): (accessKeyId: string) => Identified {
  return (accessKeyId) => {
    const credential = accounts.flatMap(({ credentials }) => credentials.find(accessKeyId) ?? []).at(0);
    if (credential === undefined) throw new Error(`nobody issued ${accessKeyId}`);
    const { bearer, session } = credential;
    const principal = principalOf(bearer);
    return {
      principal:
        principal === undefined
          ? { kind: 'root', name: 'root', arn: bearer.kind === 'root' ? `arn:aws:iam::${bearer.accountId}:root` : '' }
          : { kind: principal.kind, name: principal.name, arn: principal.arn },
      callsIam: sessionRestriction(credential, { service: 'iam', operation: 'ListUsers' }) === undefined,
      isLongTerm: session === undefined,
    };
  };
}

function sourceOf(
  { scenario, userKeys, instances, handouts }: RosterDeps,
  { plan: { name, source }, clientsFor }: { plan: WorkloadPlans[number]; clientsFor: ClientsFor },
): CredentialSource {
  if ('user' in source) {
    const key = userKeys[source.user];
    if (key === undefined) throw new Error(`scenario: the workload ${name} has the user ${source.user} without a key`);
    return assumedBy(clientsFor(key), { roleArn: roleArn(scenario, source.role), sessionName: source.sessionName });
  }
  if ('function' in source) return async () => handouts.lambda(source.function);
  const instance = instances().find(({ tags }) => tags.get('Name') === source.instance);
  if (instance === undefined) throw new Error(`scenario: the workload ${name} runs on the unknown instance ${source.instance}`);
  return async () => handouts.instance(instance.id);
}

function otherResponderScript(
  { scenario, identities, userKeys }: RosterDeps,
  clientsAs: (actor: string, look: Pick<Appearance, 'address' | 'userAgent'>) => ClientsFor,
): () => Script {
  const plan = scenario.cast.otherResponder;
  const key = userKeys[plan?.user ?? ''];
  if (plan === undefined || key === undefined) throw new Error(`the scenario ${scenario.name} has no other responder`);
  const clients = clientsAs('otherResponder', plan)(key);
  return () => otherResponder({ plan, clients, leaked: identities.leaked, group: scenario.groups.find(({ path }) => path === '/')?.name });
}

/** The regular callers' past: what the workloads and the innocent user have always done, from where they always do it. */
export function pastsOf(account: Account, scenario: Scenario): Past[] {
  const { benign, innocent, workloads } = scenario.cast;
  const benignHabits: Habit[] = [
    { service: 'sts', name: 'GetCallerIdentity', input: {} },
    { service: 'iam', name: 'GetUser', input: {} },
    { service: 'sts', name: 'AssumeRole', input: { RoleArn: roleArn(scenario, benign.role), RoleSessionName: 'deploy' } },
  ];
  const innocentHabits: Habit[] = [
    { service: 'iam', name: 'GetUser', input: {} },
    { service: 'cloudtrail', name: 'DescribeTrails', input: {} },
  ];
  const assuming = workloads.flatMap(({ source, address, userAgent }): Past[] => {
    if (!('user' in source)) return [];
    const input = { RoleArn: roleArn(scenario, source.role), RoleSessionName: source.sessionName };
    const habits = [{ service: 'sts', name: 'AssumeRole', input }];
    return [{ credential: firstKeyOf(account, source.user).key, address, userAgent, habits }];
  });
  return [
    { credential: firstKeyOf(account, benign.user).key, address: benign.address, userAgent: benign.userAgent, habits: benignHabits },
    {
      credential: firstKeyOf(account, innocent.user).key,
      address: innocent.address,
      userAgent: innocent.userAgent,
      habits: innocentHabits,
    },
    ...assuming,
  ];
}

function roleArn({ account }: Scenario, name: string): string {
  return `arn:aws:iam::${account.id}:role/${name}`;
}
