import type { Ec2Instance } from '../ec2/instances.js';
import type { Handouts } from '../handouts.js';
import type { Account } from '../iam/account.js';
import { principalOf } from '../iam/credentials.js';
import type { IdentityKey, RangeIdentities } from '../range.js';
import type { Scenario } from '../scenario/schema.js';
import { sessionRestriction } from '../server/authenticate.js';
import { createArsenal, type Identified } from './arsenal.js';
import type { AttackerKind } from './attackers.js';
import type { ActorClients, Appearance, SdkCredentials } from './clients.js';
import type { Holdings } from './holdings.js';
import { juggler } from './juggler.js';
import { opportunist } from './opportunist.js';
import { passingThief } from './passing-thief.js';
import { persister, type FighterDeps } from './persister.js';
import { roleArn } from './role-arn.js';
import type { Script } from './stage.js';
import { prepareTheft, type Theft } from './thefts.js';

/** What an attacker's script is made from. */
export interface AttackerDeps {
  readonly scenario: Scenario;
  readonly attacker: AttackerKind;
  readonly theft: Theft;
  readonly identities: RangeIdentities;
  /** Keys of users and of root in the account under attack. */
  readonly userKeys: Readonly<Record<string, IdentityKey>>;
  readonly rootKey: IdentityKey | undefined;
  readonly accounts: readonly Account[];
  readonly instances: () => readonly Ec2Instance[];
  readonly handouts: Handouts;
  readonly holdings: Holdings;
}

/** From where an attacker works: the insider sits in the office, where the workload is, too. */
export function appearanceOf({ scenario, attacker }: Pick<AttackerDeps, 'scenario' | 'attacker'>): Appearance {
  const { benign, opportunist: stranger } = scenario.cast;
  const { address, userAgent } = attacker === 'insider' ? benign : stranger;
  return { actor: attacker, address, userAgent };
}

/** The attacker's part, by his kind and his theft. @throws Error when the scenario has nobody for the theft */
export function attackerScript(deps: AttackerDeps, clientsFor: (credentials: SdkCredentials) => ActorClients): () => Script {
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
function identifierOf({ accounts }: AttackerDeps): (accessKeyId: string) => Identified {
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
