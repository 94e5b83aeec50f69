import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand, type Credentials } from '@aws-sdk/client-sts';
import type { Ec2Instance } from '../ec2/instances.js';
import type { Handouts } from '../handouts.js';
import type { IdentityKey, RangeIdentities } from '../range.js';
import type { Scenario } from '../scenario/schema.js';
import type { ActorClients, Appearance, SdkCredentials } from './clients.js';
import type { Holdings } from './holdings.js';
import type { TheftTargets } from './scenario.js';
import type { Stage } from './stage.js';

/** How an attacker can have got in; each is another kind of principal to contain (aws-domain 1.1). */
export const THEFTS = [
  'userKey',
  'sessionToken',
  'federatedToken',
  'roleSession',
  'instanceRole',
  'functionRole',
  'permissionSetRole',
  'memberRoot',
] as const;

/** One way of theft. */
export type Theft = (typeof THEFTS)[number];

/** What thefts are made with. */
export interface TheftDeps {
  readonly scenario: Scenario;
  readonly identities: RangeIdentities;
  /** Keys of users and of root in the account under attack. */
  readonly userKeys: Readonly<Record<string, IdentityKey>>;
  readonly rootKey: IdentityKey | undefined;
  readonly handouts: Handouts;
  readonly instances: () => readonly Ec2Instance[];
  readonly holdings: Holdings;
  readonly appearance: Appearance;
  readonly clientsFor: (credentials: SdkCredentials) => ActorClients;
}

/** Gets what he comes in with, and puts it into his holdings; undefined when it is not to be had any more. */
export type Steal = (stage: Stage) => Promise<SdkCredentials | undefined>;

/** A policy that allows everything: as a session policy it takes nothing away. */
export const EVERYTHING = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** The longest session there is (STS API reference, GetSessionToken). */
const SESSION_SECONDS = 129_600;

/**
 * Prepares a theft. Long-term keys are his from the start, sessions once he has called for them.
 *
 * @throws Error when the scenario has nobody to be robbed in that way
 */
export function prepareTheft(theft: Theft, deps: TheftDeps): Steal {
  const { identities, holdings, rootKey } = deps;
  switch (theft) {
    case 'userKey':
      return heldKey(holdings, identities.leaked);
    case 'memberRoot':
      return heldKey(holdings, needed(theft, rootKey));
    case 'sessionToken':
    case 'federatedToken':
      return async (stage) => taken(holdings, await mintWithLeakedKey(theft, { deps, stage }));
    case 'roleSession':
      return roleSession(deps, targetsOf(theft, deps).role);
    case 'instanceRole': {
      const name = targetsOf(theft, deps).instance;
      return async () => taken(holdings, deps.handouts.instance(instanceNamed(deps, name), '1.0'));
    }
    case 'functionRole': {
      const name = targetsOf(theft, deps).function;
      return async () => taken(holdings, deps.handouts.lambda(name));
    }
    case 'permissionSetRole':
      return portalSession(deps, needed(theft, targetsOf(theft, deps).person));
  }
}

function needed<T>(theft: Theft, found: T | undefined): T {
  if (found === undefined) throw new Error(`the scenario has nobody who can be robbed by ${theft}`);
  return found;
}

function targetsOf(theft: Theft, { scenario }: TheftDeps): TheftTargets {
  return needed(theft, scenario.cast.targets);
}

function heldKey(holdings: Holdings, { accessKeyId, secretAccessKey }: IdentityKey): Steal {
  holdings.take(accessKeyId);
  return async () => ({ accessKeyId, secretAccessKey });
}

function taken(holdings: Holdings, credentials: SdkCredentials | undefined): SdkCredentials | undefined {
  if (credentials !== undefined) holdings.take(credentials.accessKeyId);
  return credentials;
}

/** He has the key just long enough for one call; what he keeps is the session. */
async function mintWithLeakedKey(
  theft: 'sessionToken' | 'federatedToken',
  { deps, stage }: { deps: TheftDeps; stage: Stage },
): Promise<SdkCredentials | undefined> {
  const { sts } = deps.clientsFor(deps.identities.leaked);
  const call =
    theft === 'sessionToken'
      ? sts.send(new GetSessionTokenCommand({ DurationSeconds: SESSION_SECONDS }))
      : sts.send(new GetFederationTokenCommand({ Name: 'release', Policy: EVERYTHING, DurationSeconds: SESSION_SECONDS }));
  const minted = await stage.attempt(call);
  return minted.allowed ? sdkCredentials(minted.answer.Credentials) : undefined;
}

/** The key of somebody whom the role trusts stays his, too. */
function roleSession({ userKeys, scenario, holdings, clientsFor }: TheftDeps, { name, source, sessionName }: TheftTargets['role']): Steal {
  const key = needed('roleSession', userKeys[source]);
  holdings.take(key.accessKeyId, 'means');
  const RoleArn = `arn:aws:iam::${scenario.account.id}:role/${name}`;
  return async (stage) => {
    const assumed = await stage.attempt(clientsFor(key).sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: sessionName })));
    return taken(holdings, assumed.allowed ? sdkCredentials(assumed.answer.Credentials) : undefined);
  };
}

/** The person's browser session is his, so he can sign in again. */
function portalSession(
  { scenario, holdings, handouts, appearance }: TheftDeps,
  { user: userName, permissionSet }: NonNullable<TheftTargets['person']>,
): Steal {
  const { address: sourceIp, userAgent } = appearance;
  const accountId = scenario.account.id;
  const session = { userName, permissionSet, accountId, sourceIp, userAgent, origin: { keyId: '', sourceIp } };
  holdings.takePortal(session);
  return async () => taken(holdings, handouts.accessPortal(session));
}

/** @throws Error when no running instance has the name */
function instanceNamed({ instances }: TheftDeps, name: string): string {
  const instance = instances().find(({ tags, state }) => state === 'running' && tags.get('Name') === name);
  if (instance === undefined) throw new Error(`no instance ${name} is running`);
  return instance.id;
}

/** What STS handed out, as the SDK takes it; undefined when a part is missing. */
export function sdkCredentials({ AccessKeyId, SecretAccessKey, SessionToken }: Partial<Credentials> = {}): SdkCredentials | undefined {
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) return undefined;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** The actors who work as the principal that a theft takes over. */
export function sharersOf(theft: Theft, { cast }: Scenario): ReadonlySet<string> {
  const { targets, workloads } = cast;
  const named = workloads.filter(({ source }) => {
    if ('role' in source) return theft === 'roleSession' && source.role === targets?.role.name;
    if ('instance' in source) return theft === 'instanceRole' && source.instance === targets?.instance;
    return theft === 'functionRole' && source.function === targets?.function;
  });
  const isLeakedUser = theft === 'userKey' || theft === 'sessionToken' || theft === 'federatedToken';
  return new Set([...(isLeakedUser ? ['benign'] : []), ...named.map(({ name }) => name)]);
}
