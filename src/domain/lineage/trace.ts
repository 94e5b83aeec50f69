import type { LogIndex } from './log-index.js';
import type { LogRecord } from './log-record.js';
import type { CredentialKind, Minted } from './minted.js';
import { CauseQueue } from './order.js';

export type Owner = 'thief' | 'holder';
export type Strength = 'exact' | 'strong' | 'weak';

/** Where a record or a credential hangs in the lineage. */
export interface Node {
  readonly id: string;
  /** Issues between the seed and here. */
  readonly depth: number;
  /** Distinct principals on the way: role juggling goes round among the same ones and does not count. */
  readonly chain: ReadonlySet<string>;
}

/** One credential with what ties it to its parent. */
export interface Credential extends Node {
  readonly kind: CredentialKind;
  readonly owner: Owner;
  readonly parent: string | null;
  readonly provedBy: string | null;
  readonly strength: Strength;
  readonly principal?: string | undefined;
  readonly mintedAt?: number | undefined;
  readonly expiresAt?: number | undefined;
  readonly isSeed?: boolean;
}

export interface PrincipalRow {
  readonly arn: string;
  readonly how: 'created' | 'changed' | 'trust-changed' | 'password-set' | 'external';
  readonly provedBy: string;
}

/** One record to follow. */
export interface Task {
  readonly record: LogRecord;
  readonly depth: number;
  readonly owner: Owner;
  readonly node: Node;
}

/** How a credential was found. */
export interface Found {
  readonly owner: Owner;
  readonly node: Node;
  readonly provedBy: string;
  readonly strength: Strength;
  /** Parent where it is not the node, such as an outside caller. */
  readonly parent?: string | undefined;
}

export interface Limits {
  readonly owned: ReadonlySet<string>;
  readonly suspectIps: ReadonlySet<string>;
  readonly maxDepth: number;
  readonly maxNodes: number;
}

/** A session is the same one when principal and creation agree within this time (aws-domain 5.5, strong). */
export const SAME_SESSION_MS = 5_000;

/** What is known so far: who owns which record, which credentials and principals are tainted. */
export class Trace {
  readonly placed = new Map<string, Task>();
  readonly credentials = new Map<string, Credential>();
  readonly principals: PrincipalRow[] = [];
  readonly reasons = new Set<string>();
  readonly #queue = new CauseQueue<Task>();

  constructor(
    readonly index: LogIndex,
    readonly limits: Limits,
  ) {}

  /** Gives a record to its owner. The thief takes from the holder, never the other way round. */
  claim(record: LogRecord, owner: Owner, node: Node): void {
    const had = this.placed.get(record.id);
    if (had !== undefined && (had.owner === 'thief' || had.owner === owner)) return;
    const task = { record, owner, node, depth: node.depth };
    this.placed.set(record.id, task);
    this.#queue.push(task);
  }

  /** The next record in order of cause. */
  next(): Task | undefined {
    for (let task = this.#queue.pop(); task !== undefined; task = this.#queue.pop()) {
      if (this.placed.get(task.record.id) === task) return task;
    }
    return undefined;
  }

  /** Adds a credential and, unless the tie is weak or a budget is spent, gives all its use to its owner. */
  addCredential(minted: Minted, found: Found): void {
    const had = this.credentials.get(minted.id);
    if (had !== undefined && !had.isSeed && (had.owner === 'thief' || found.owner === 'holder') && had.strength !== 'weak') return;
    if (had !== undefined && (found.strength === 'weak' || (had.isSeed && found.owner === 'holder'))) return;
    if (had === undefined && this.credentials.size >= this.limits.maxNodes) {
      this.reasons.add(`more than ${this.limits.maxNodes} credentials: the rest was not followed`);
      return;
    }
    const chain = new Set(found.node.chain).add(minted.principal ?? minted.id);
    const { owner, strength, provedBy } = found;
    const { id, kind, principal, mintedAt, expiresAt } = minted;
    const parent = found.parent ?? found.node.id;
    const credential = { id, kind, principal, mintedAt, expiresAt, owner, strength, provedBy, parent, chain, depth: found.node.depth + 1 };
    this.credentials.set(id, credential);
    if (strength === 'weak') return;
    if (chain.size - 1 > this.limits.maxDepth) {
      this.reasons.add(`more than ${this.limits.maxDepth} principals in a chain: what lies behind was not followed`);
      return;
    }
    for (const record of this.index.byKey.get(id) ?? []) this.claim(record, this.#ownerOf(record, owner), credential);
    if (minted.session !== undefined) this.followSession(minted.session, { ...found, at: minted.mintedAt, credential });
  }

  /**
   * Gives the session's records that name no issued key: console sessions and Identity Center use keys of their own
   * (aws-domain 5.4), tied by the principal id and the time of creation.
   */
  followSession(session: string, found: Found & { readonly at: number; readonly credential: Node }): void {
    for (const record of this.index.bySession.get(session) ?? []) {
      const { key, createdAt } = record.actor;
      if (createdAt === undefined || Math.abs(createdAt - found.at) > SAME_SESSION_MS) continue;
      if (key === undefined) this.claim(record, this.#ownerOf(record, found.owner), found.credential);
      else if (!this.index.mintOf.has(key)) this.addCredential(usedCredential(record, key), { ...found, strength: 'strong' });
    }
  }

  /** Adds a principal once per way it was touched. */
  addPrincipal(row: PrincipalRow): void {
    if (!this.principals.some((known) => known.arn === row.arn && known.how === row.how)) this.principals.push(row);
  }

  /** A suspected address on a credential of the holder is the thief. */
  #ownerOf(record: LogRecord, owner: Owner): Owner {
    return this.limits.suspectIps.has(record.ip) ? 'thief' : owner;
  }
}

/** What the use of a key tells about the key, where its issue is not in the logs. */
export function usedCredential(record: LogRecord, key: string): Minted {
  const { actor } = record;
  return { id: key, kind: kindOf(record, key), principal: actor.issuerArn ?? actor.arn, mintedAt: actor.createdAt ?? record.at };
}

function kindOf(record: LogRecord, key: string): CredentialKind {
  if (key.startsWith('AKIA')) return 'access-key';
  if (record.actor.type === 'AssumedRole') return 'role-session';
  if (record.actor.type === 'FederatedUser') return 'federation-token';
  if (record.actor.type === 'IAMUser') return key.startsWith('ASIA') ? 'session-token' : 'access-key';
  return 'session';
}
