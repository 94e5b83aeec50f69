import { isAlive } from './alive.js';
import { type AttackRow, attackOf } from './attack.js';
import { type Completeness, completenessOf, type ReadFaults } from './completeness.js';
import { type Call, containmentOf, isOurs, sortedCalls } from './containment.js';
import { follow } from './follow.js';
import { indexLog } from './log-index.js';
import type { LogRecord } from './log-record.js';
import { mintedBy } from './minted.js';
import { byCause } from './order.js';
import { type ResourceRow, resourcesOf } from './resources.js';
import { type Credential, type Owner, type PrincipalRow, type Task, Trace, usedCredential } from './trace.js';
import { type Alarm, thiefsOf } from './split-callers.js';
import { reportWeakSignIns } from './weak-sign-ins.js';
import { byText, distinct } from './values.js';

/** aws-domain 5.5: stop deeper than 6; a budget that is hit means incomplete, never clean. */
export const DEFAULT_BUDGET = { maxDepth: 6, maxNodes: 20_000 } as const;

export interface Inquiry {
  readonly seed: string;
  /** Other keys and principals of the same theft. */
  readonly moreSeeds?: readonly string[];
  readonly suspectIps: ReadonlySet<string>;
  /** What alerts say; without one the callers themselves tell. */
  readonly alarm?: Alarm | undefined;
  readonly ownedAccounts: ReadonlySet<string>;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly budget?: { readonly maxDepth: number; readonly maxNodes: number };
}

export interface CredentialRow {
  readonly id: string;
  readonly kind: string;
  readonly parent: string | null;
  readonly provedBy: string | null;
  readonly strength: string;
  readonly used: boolean;
  readonly alive: boolean;
}

/** The answer of `investigate`; its shape is fixed by the command's interface. */
export interface Investigation {
  readonly events: readonly string[];
  readonly holderEvents: readonly string[];
  readonly credentials: readonly CredentialRow[];
  readonly principals: readonly PrincipalRow[];
  readonly resources: readonly ResourceRow[];
  readonly attack: readonly AttackRow[];
  readonly containment: readonly Call[];
  readonly completeness: Completeness;
}

/** The lineage itself: what the answer of `investigate` and an incident's timeline are made from. */
export interface Lineage {
  readonly placed: readonly Task[];
  /** The thief's, in order of issue. */
  readonly credentials: readonly Credential[];
  readonly used: ReadonlySet<string | undefined>;
  readonly alive: ReadonlySet<Credential>;
  readonly principals: readonly PrincipalRow[];
  readonly resources: readonly ResourceRow[];
  readonly attack: readonly AttackRow[];
  readonly containment: readonly Call[];
  readonly completeness: Completeness;
}

/**
 * Follows a stolen credential through CloudTrail records (aws-domain 5.5).
 *
 * Pure, and independent of the order of the records. Holds no token and no secret of them.
 */
export function traceLineage(records: Iterable<LogRecord>, inquiry: Inquiry, faults: ReadFaults): Lineage {
  const { since = -Infinity, until: end = Infinity } = inquiry;
  const index = indexLog([...records].filter((record) => record.at <= end));
  const until = inquiry.until ?? index.records.at(-1)?.at ?? 0;
  const owned = ownedAccounts(index.records, inquiry);
  const trace = new Trace(index, { owned, suspectIps: inquiry.suspectIps, ...(inquiry.budget ?? DEFAULT_BUDGET) });
  const seeds = [inquiry.seed, ...(inquiry.moreSeeds ?? [])];
  const found = seeds.map((seed) => plantSeed(trace, seed, inquiry));
  for (let task = trace.next(); task !== undefined; task = trace.next()) follow(trace, task);
  reportWeakSignIns(trace);

  const placed = [...trace.placed.values()].filter(({ record }) => record.at >= since).toSorted(byCause);
  const thiefs = placed.filter(({ owner }) => owner === 'thief').map(({ record }) => record);
  const used = new Set(thiefs.map((record) => record.actor.key));
  const credentials = [...trace.credentials.values()].filter((one) => one.owner === 'thief' || used.has(one.id)).toSorted(byIssue);
  const alive = new Set(credentials.filter((one) => isAlive(one, index, until)));
  const resources = resourcesOf(thiefs, index);
  return {
    placed,
    credentials,
    used,
    alive,
    principals: trace.principals.toSorted((a, b) => byText(a.arn, b.arn) || byText(a.how, b.how)),
    resources,
    attack: attackOf(thiefs),
    containment: allCalls(trace, containmentOf([...alive], owned), resources),
    completeness: completenessOf({
      faults,
      window: { since: inquiry.since, until },
      records: index.records,
      seedFound: found.includes(true),
      thiefFound: thiefs.length > 0,
      reasons: [...trace.reasons],
      notContained: distinct([...alive].filter((one) => !isOurs(one, owned)).map((one) => one.principal)),
      outsiders: trace.principals.filter((row) => row.how === 'external').map((row) => row.arn),
    }),
  };
}

/** `traceLineage` in the words of the command's fixed interface. */
export function investigate(records: Iterable<LogRecord>, inquiry: Inquiry, faults: ReadFaults): Investigation {
  const { placed, credentials, used, alive, principals, resources, attack, containment, completeness } = traceLineage(
    records,
    inquiry,
    faults,
  );
  const eventsOf = (owner: Owner): string[] => placed.filter((task) => task.owner === owner).map(({ record }) => record.id);
  return {
    events: eventsOf('thief'),
    holderEvents: eventsOf('holder'),
    credentials: credentials.map((one) => credentialRow(one, used.has(one.id), alive.has(one))),
    principals,
    resources,
    attack,
    containment,
    completeness,
  };
}

/** Splits the seed's own use and puts its credentials in the lineage. Returns whether the logs know it. */
function plantSeed(trace: Trace, seed: string, inquiry: Inquiry): boolean {
  const seeds = trace.index.byKey.get(seed) ?? trace.index.byPrincipal.get(seed) ?? [];
  const thiefs = thiefsOf(seeds, inquiry);
  const keys = new Set(seeds.map((record) => record.actor.key));
  const mint = trace.index.mintOf.get(seed);
  if (seeds.length === 0 && mint !== undefined) plantUnused(trace, seed, mint);
  for (const key of [...keys].toSorted((a = '', b = '') => byText(a, b))) {
    const own = seeds.filter((record) => record.actor.key === key);
    const node = { id: key ?? seed, depth: 0, chain: new Set([own[0]?.actor.issuerArn ?? own[0]?.actor.arn ?? seed]) };
    const first = own.find((record) => thiefs.has(record.id));
    if (key !== undefined && own[0] !== undefined) {
      const issue = trace.index.mintOf.get(key);
      const facts = (issue === undefined ? undefined : mintedBy(issue)) ?? usedCredential(own[0], key);
      const tie = { parent: issue?.actor.key ?? issue?.actor.arn ?? null, provedBy: issue?.id ?? null };
      const owner = first === undefined ? ('holder' as const) : ('thief' as const);
      trace.credentials.set(key, { ...node, ...facts, ...tie, owner, strength: 'exact', isSeed: true });
    }
    for (const record of own) trace.claim(record, thiefs.has(record.id) ? 'thief' : 'holder', node);
  }
  return seeds.length > 0 || mint !== undefined;
}

/** A seed that was issued in the log but never used is still alive. */
function plantUnused(trace: Trace, seed: string, mint: LogRecord): void {
  const facts = mintedBy(mint);
  if (facts === undefined) return;
  const node = { depth: 0, chain: new Set([facts.principal ?? seed]) };
  const parent = mint.actor.key ?? mint.actor.arn ?? null;
  trace.credentials.set(seed, { ...node, ...facts, parent, provedBy: mint.id, owner: 'thief', strength: 'exact', isSeed: true });
}

/** Roles with a door to the outside stay open until their trust is put back. */
function allCalls(trace: Trace, calls: readonly Call[], resources: readonly ResourceRow[]): Call[] {
  const doors = trace.principals.filter((row) => row.how === 'external').map((row) => row.provedBy);
  const open = resources.filter((row) => row.present && row.type === 'AWS::IAM::Role' && doors.includes(row.provedBy));
  return sortedCalls([...calls, ...open.map((row) => ({ api: 'iam:UpdateAssumeRolePolicy', target: row.arn }))]);
}

/** Given ones and the seed's; without any, the accounts that wrote the logs. */
function ownedAccounts(records: readonly LogRecord[], { ownedAccounts: given, seed }: Inquiry): Set<string> {
  const named = /^arn:[^:]+:[^:]+::(\d{12}):/.exec(seed)?.[1];
  if (given.size > 0) {
    const own = records.find((record) => record.actor.key === seed)?.actor.account;
    return new Set([...given, ...[named, own].filter((one) => one !== undefined)]);
  }
  return new Set(records.map((record) => record.account));
}

function byIssue(a: Credential, b: Credential): number {
  return a.depth - b.depth || (a.mintedAt ?? 0) - (b.mintedAt ?? 0) || byText(a.id, b.id);
}

function credentialRow(credential: Credential, used: boolean, alive: boolean): CredentialRow {
  const { id, kind, parent, provedBy, strength } = credential;
  return { id, kind, parent, provedBy, strength, used, alive };
}
