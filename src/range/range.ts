import type { AttackerAccess } from './attacker-access.js';
import type { NarratedLine } from './actors/stage.js';
import type { Clock } from './clock/clock.js';
import type { CloudTrailRecord } from './cloudtrail/record.js';
import type { Faults } from './faults/faults.js';
import type { IamStateSnapshot } from './iam/snapshot.js';
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
  /** Whether control-plane reads by others than the writer lag like enforcement. @default false */
  staleReads?: boolean;
  /** Whether the account has the managed policy `/ir/IRQuarantine`. @default true */
  quarantinePolicyPresent?: boolean;
  /** Whether the attacker makes himself a user, a role for outsiders, a policy and an instance. @default the scenario's `attackerMakes` */
  attackerMakes?: boolean;
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

/** A running simulated AWS account. */
export interface Range {
  /** `http://127.0.0.1:PORT`, or '' without HTTP. */
  readonly endpoint: string;
  /** For SDK clients in this process: `new IAMClient({ requestHandler: range.requestHandler, … })`. */
  readonly requestHandler: RangeRequestHandler;
  readonly accountId: string;
  readonly identities: Readonly<Record<RangeIdentity, IdentityKey>>;
  /** Names of the scenario's actors. */
  readonly actorNames: readonly string[];
  readonly faults: Faults;
  /** Starts the named actors, or all of them. */
  startActors(names?: readonly string[]): void;
  /** Stops all actors and waits for their last calls. */
  stopActors(): Promise<void>;
  /** Every call of every actor, in order. */
  ledger(): readonly LedgerEntry[];
  /** Every CloudTrail record, delivered or not, lost by a fault or not. */
  recorded(): readonly CloudTrailRecord[];
  /** The account's configured state. */
  iamState(): IamStateSnapshot;
  /** The account's EC2 instances in all regions, terminated ones too. */
  instances(): readonly InstanceFacts[];
  /** Ground truth now: each credential the attacker holds and each role he can assume from outside, and whether a wanted call would be allowed. */
  attackerAccess(): AttackerAccess[];
  /** Accepted changes of one caller, in order. */
  writesBy(accessKeyId: string): readonly AcceptedWrite[];
  /** Alerts sent so far. */
  alertsSent(): readonly unknown[];
  /** Stops actors, alerts and the HTTP server. */
  stop(): Promise<void>;
}
