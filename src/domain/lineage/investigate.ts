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
import { type Credential, type PrincipalRow, Trace, usedCredential } from './trace.js';
import { thiefsOf } from './split-callers.js';
import { reportWeakSignIns } from './weak-sign-ins.js';
import { byText, distinct } from './values.js';

/** aws-domain 5.5: stop deeper than 6; a budget that is hit means incomplete, never clean. */
export const DEFAULT_BUDGET = { maxDepth: 6, maxNodes: 20_000 } as const;

export interface Inquiry {
  readonly seed: string;
  readonly suspectIps: ReadonlySet<string>;
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

/**
 * Follows a stolen credential through CloudTrail records (aws-domain 5.5).
 *
 * Pure, and independent of the order of the records. Holds no token and no secret of them.
 */
export function investigate(records: Iterable<LogRecord>, inquiry: Inquiry, faults: ReadFaults): Investigation {
  const { since = -Infinity, until: end = Infinity } = inquiry;
  const index = indexLog([...records].filter((record) => record.at <= end));
  const until = inquiry.until ?? index.records.at(-1)?.at ?? 0;
  const owned = ownedAccounts(index.records, inquiry);
  const trace = new Trace(index, { owned, suspectIps: inquiry.suspectIps, ...(inquiry.budget ?? DEFAULT_BUDGET) });
  const seeds = index.byKey.get(inquiry.seed) ?? index.byPrincipal.get(inquiry.seed) ?? [];
  plantSeeds(trace, seeds, inquiry);
  for (let task = trace.next(); task !== undefined; task = trace.next()) follow(trace, task);
  reportWeakSignIns(trace);

  const placed = [...trace.placed.values()].filter(({ record }) => record.at >= since).toSorted(byCause);
  const thiefs = placed.filter(({ owner }) => owner === 'thief').map(({ record }) => record);
  const used = new Set(thiefs.map((record) => record.actor.key));
  const credentials = [...trace.credentials.values()].filter((one) => one.owner === 'thief' || used.has(one.id)).toSorted(byIssue);
  const alive = new Set(credentials.filter((one) => isAlive(one, index, until)));
  return {
    events: thiefs.map((record) => record.id),
    holderEvents: placed.filter(({ owner }) => owner === 'holder').map(({ record }) => record.id),
    credentials: credentials.map((one) => credentialRow(one, used.has(one.id), alive.has(one))),
    principals: trace.principals.toSorted((a, b) => byText(a.arn, b.arn) || byText(a.how, b.how)),
    resources: resourcesOf(thiefs, index),
    attack: attackOf(thiefs),
    containment: allCalls(trace, containmentOf([...alive], owned), resourcesOf(thiefs, index)),
    completeness: completenessOf({
      faults,
      window: { since: inquiry.since, until },
      records: index.records,
      seedFound: seeds.length > 0 || index.mintOf.has(inquiry.seed),
      thiefFound: thiefs.length > 0,
      reasons: [...trace.reasons],
      notContained: distinct([...alive].filter((one) => !isOurs(one, owned)).map((one) => one.principal)),
      outsiders: trace.principals.filter((row) => row.how === 'external').map((row) => row.arn),
    }),
  };
}

/** Splits the seed's own use and puts its credentials in the lineage. */
function plantSeeds(trace: Trace, seeds: readonly LogRecord[], inquiry: Inquiry): void {
  const thiefs = thiefsOf(seeds, inquiry);
  const keys = new Set(seeds.map((record) => record.actor.key));
  const mint = trace.index.mintOf.get(inquiry.seed);
  if (seeds.length === 0 && mint !== undefined) plantUnused(trace, inquiry.seed, mint);
  for (const key of [...keys].toSorted((a = '', b = '') => byText(a, b))) {
    const own = seeds.filter((record) => record.actor.key === key);
    const node = { id: key ?? inquiry.seed, depth: 0, chain: new Set([own[0]?.actor.issuerArn ?? own[0]?.actor.arn ?? inquiry.seed]) };
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
