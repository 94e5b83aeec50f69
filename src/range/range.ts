import type { AttackerAccess } from './attacker-access.js';
import type { AttackerKind } from './actors/attackers.js';
import type { InnocentCount } from './actors/innocents.js';
import type { Theft } from './actors/thefts.js';
import type { NarratedLine } from './actors/stage.js';
import type { Clock } from './clock/clock.js';
import type { CloudTrailRecord } from './cloudtrail/record.js';
import type { Faults } from './faults/faults.js';
import type { IdentityProviderDesk } from './federation/identity-provider.js';
import type { Handouts } from './handouts.js';
import type { IamStateSnapshot } from './iam/snapshot.js';
import type { OrganizationSnapshot } from './organizations/snapshot.js';
import type { Seconds } from './random/random.js';
import type { RangeRequestHandler } from './wire/request-handler.js';

/** How a range is started. Everything has a default. */
export interface RangeOptions {
  /** File name in `scenarios/` without its ending. @default 'leaked-user-key' */
  scenario?: string;
  /** Same seed, same ids, delays and acts. @default 1 */
  seed?: number;
  /** TCP port on 127.0.0.1; 0 takes any free one; omitted: no HTTP, only `requestHandler`. */
  port?: number;
  /** @default the machine's clock */
  clock?: Clock;
  /** How long a change takes to be enforced. @default the scenario's */
  propagationSeconds?: Seconds;
  /** How long a record takes to appear in LookupEvents. @default the scenario's */
  cloudTrailDelaySeconds?: Seconds;
  /** How long a call is under way, in the clock's time, before it is judged and performed. @default no time */
  latencySeconds?: Seconds;
  /** Whether control-plane reads by others than the writer lag like enforcement. @default false */
  staleReads?: boolean;
  /** Whether the account has the managed policy `/ir/IRQuarantine`. @default true */
  quarantinePolicyPresent?: boolean;
  /** Whether the attacker makes himself a user, a role for outsiders, a policy and an instance. @default the scenario's `attackerMakes` */
  attackerMakes?: boolean;
  /** How the attacker got in; one that the scenario does not have is refused. @default 'userKey' */
  theft?: Theft;
  /** Who attacks: this is also his name among the actors. @default 'opportunist' */
  attacker?: AttackerKind;
  /** Whether an administrator works on users in the middle of it all, the leaked one included. @default false */
  otherResponder?: boolean;
  /** A log group that a trail of every account delivers to, in the region of the alerts. @default none */
  trailLogGroup?: string;
  /**
   * Name of an SQS queue that gets what `onAlert` hears, as an EventBridge rule would send it: in the delegated account of an
   * organization, else in the account under attack. The orchestrator, or else the responder, may consume it.
   * @default no queue
   */
  alertQueue?: string;
  /** Hears GuardDuty and Health messages, each twice. */
  onAlert?: (message: unknown) => void;
  /** Hears what the actors do, in words. */
  onNarrate?: (line: NarratedLine) => void;
}

/**
 * Who can be played from outside; `benign` and `leaked` are the same user and key. `responder` reads and contains, `restorer`
 * recovers and eradicates, `collector` only puts evidence, `outsider` is the attacker in his own account.
 */
export type RangeIdentity = 'responder' | 'restorer' | 'collector' | 'innocent' | 'benign' | 'leaked' | 'admin' | 'outsider';

/** A user with its active long-term key. */
export type IdentityKey = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly userName: string };

/** Everybody who can be played; `orchestrator` only where the scenario has an organization: a user of its delegated account. */
export type RangeIdentities = Readonly<Record<RangeIdentity, IdentityKey>> & { readonly orchestrator?: IdentityKey };

/** The organization around the account under attack. */
export type OrganizationFacts = {
  readonly id: string;
  readonly managementAccountId: string;
  readonly delegatedAccountId: string;
  readonly accountIds: readonly string[];
};

/** One call of anybody, accepted or not. */
export type RangeCall = {
  readonly at: string;
  /** e.g. `iam:GetUser` */
  readonly api: string;
  readonly accessKeyId: string;
  /** Empty, like the account, when nobody could be authenticated. */
  readonly callerArn: string;
  readonly accountId: string;
  readonly allowed: boolean;
  readonly isWrite: boolean;
  readonly params: unknown;
  readonly actor?: string;
  readonly sourceIdentity?: string;
  readonly errorCode?: string;
};

/** One call of an actor. */
export type LedgerEntry = {
  readonly at: string;
  readonly actor: string;
  /** e.g. `iam:GetUser` */
  readonly api: string;
  readonly accessKeyId: string;
  /** Whether AWS performed the call, also when its answer was lost on the way. */
  readonly allowed: boolean;
  readonly errorCode?: string;
  /** Absent when CloudTrail never hears of the call, e.g. with an inactive key. */
  readonly eventId?: string;
};

/** One EC2 instance. */
export type InstanceFacts = { readonly id: string; readonly region: string; readonly state: 'running' | 'stopped' | 'terminated' };

/** One accepted change. */
export type AcceptedWrite = { readonly at: string; readonly api: string; readonly params: unknown; readonly requestId: string };

/** A running simulated AWS account, alone or in an organization. */
export interface Range {
  /** `http://127.0.0.1:PORT`, or '' without HTTP. */
  readonly endpoint: string;
  /** For SDK clients in this process: `new IAMClient({ requestHandler: range.requestHandler, … })`. */
  readonly requestHandler: RangeRequestHandler;
  /** The account under attack. */
  readonly accountId: string;
  readonly organization?: OrganizationFacts;
  readonly identities: RangeIdentities;
  /** Access keys of root by account id, for the accounts that have one. */
  readonly rootKeys: Readonly<Record<string, IdentityKey>>;
  /** Keys of the users that the scenario gave a key to, by account id and user name. */
  readonly accountKeys: Readonly<Record<string, Readonly<Record<string, IdentityKey>>>>;
  /** Vouches for whoever a test wants, in the name of an identity provider that an account trusts. */
  readonly identityProvider: IdentityProviderDesk;
  /** The credentials that instances, functions and people get from AWS: what a thief there would have. */
  readonly handouts: Handouts;
  /** Names of the scenario's actors. */
  readonly actorNames: readonly string[];
  readonly faults: Faults;
  /** Starts the named actors, or all of them. */
  startActors(names?: readonly string[]): void;
  /** Stops all actors and waits for their last calls. */
  stopActors(): Promise<void>;
  /** Every call of every actor, in order. */
  ledger(): readonly LedgerEntry[];
  /** Every call of anybody, in order. */
  calls(): readonly RangeCall[];
  /** Every CloudTrail record of every account, delivered or not, lost by a fault or not. */
  recorded(): readonly CloudTrailRecord[];
  /** An account's configured state; that of the one under attack when none is named. @throws Error for an account that is not played */
  iamState(accountId?: string): IamStateSnapshot;
  /** The organization's configured state; undefined for a standalone account. */
  organizationState(): OrganizationSnapshot | undefined;
  /** The accounts' EC2 instances in all regions, terminated ones too. */
  instances(): readonly InstanceFacts[];
  /** Ground truth now: each credential the attacker holds and each role he can assume from outside, and whether a wanted call would be allowed. */
  attackerAccess(): AttackerAccess[];
  /** How everybody fared who does not attack, by actor. */
  innocent(): readonly InnocentCount[];
  /** Accepted changes of one caller, in order. */
  writesBy(accessKeyId: string): readonly AcceptedWrite[];
  /** Of the option `alertQueue`; absent without it. */
  readonly alertQueueUrl?: string;
  /** Alerts sent so far. */
  alertsSent(): readonly unknown[];
  /** Stops actors, alerts and the HTTP server. */
  stop(): Promise<void>;
}
