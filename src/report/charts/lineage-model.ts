import type { Timeline, TimelineEntry } from '../../contracts/timeline.js';
import type { Fates, Life } from '../life.js';
import { shortArn, shown } from '../shown.js';

/** One row of the lineage picture; rows are in the order of the tree. */
export interface LineageRow {
  readonly depth: number;
  /** Index of the parent's row. */
  readonly parent: number | undefined;
  readonly what: 'credential' | 'principal' | 'origin';
  readonly title: string;
  readonly detail: string;
  /** Empty for a principal: the log does not tell. */
  readonly life: Life | '';
  readonly strength: 'exact' | 'strong' | 'weak' | 'seed';
  readonly proof: string;
}

export interface LineageModel {
  readonly rows: readonly LineageRow[];
  readonly leftOut: number;
  readonly leftOutAlive: number;
}

interface Node {
  readonly id: string;
  /** Another name that children know it by. */
  readonly alias?: string | undefined;
  readonly parent: string | undefined;
  readonly row: Omit<LineageRow, 'depth' | 'parent'>;
  readonly children: Node[];
}

/** Rows that fit on one printed page. */
const MAX_ROWS = 15;
const MAX_DEPTH = 9;

/** The tree of credentials, with the principals the intruder made or changed under the credential that did it. */
export function lineageModel(timeline: Timeline, fates: Fates): LineageModel {
  const nodes = linked(nodesOf(timeline, fates));
  const kept = keptOf(nodes);
  const rows: LineageRow[] = [];
  const visit = (node: Node, depth: number, parent: number | undefined): void => {
    if (!kept.has(node)) return;
    const at = rows.push({ ...node.row, depth: Math.min(depth, MAX_DEPTH), parent }) - 1;
    for (const child of node.children) visit(child, depth + 1, at);
  };
  for (const root of rootsOf(nodes)) visit(root, 0, undefined);
  const out = nodes.filter((node) => !kept.has(node));
  return { rows, leftOut: out.length, leftOutAlive: out.filter(({ row }) => row.life === 'ALIVE').length };
}

function nodesOf(timeline: Timeline, fates: Fates): Node[] {
  const events = new Map(timeline.entries.map((entry) => [entry.eventId, entry]));
  const credentials = timeline.credentials.map((one) => credentialNode(one, fates.lifeOf(one), events));
  const principals = timeline.principals.map((one) => principalNode(one, fates, events));
  const known = new Set([...credentials, ...principals].flatMap(({ id, alias }) => [id, alias ?? id]));
  const parents = new Set(credentials.flatMap(({ parent }) => (parent === undefined || known.has(parent) ? [] : [parent])));
  return [...credentials, ...principals, ...[...parents].map((id) => originNode(id, timeline, events))];
}

type Events = ReadonlyMap<string, TimelineEntry>;

function credentialNode(one: Timeline['credentials'][number], life: Life, events: Events): Node {
  const { id, parent, provedBy, kind, principal, used } = one;
  const detail = `${shown(kind, 30)} of ${shown(shortArn(principal), 50)}${used ? ', used' : ', never seen used'}`;
  const row = {
    what: 'credential' as const,
    title: shown(id, 44),
    detail,
    life,
    strength: strengthOf(one),
    proof: proofOf(provedBy, events),
  };
  return { id, parent: parent ?? undefined, row, children: [] };
}

/** Hangs under the credential that made or changed it. An account outside is found by its number, too. */
function principalNode({ arn, how, provedBy }: Timeline['principals'][number], fates: Fates, events: Events): Node {
  const account = /^arn:[^:]*:iam::(\d{12}):root$/.exec(arn)?.[1];
  const title = account === undefined ? shown(shortArn(arn), 44) : `account ${account}`;
  const life = fates.isRemoved(arn) ? ('removed by us' as const) : ('' as const);
  const row = { what: 'principal' as const, title, detail: `principal, ${shown(how, 30)}`, life, strength: 'exact' as const };
  return {
    id: `${arn} ${how}`,
    alias: account,
    parent: events.get(provedBy)?.accessKeyId,
    row: { ...row, proof: proofOf(provedBy, events) },
    children: [],
  };
}

/** What a credential came from that is none itself: an instance, a service, an account that no event named before. */
function originNode(id: string, { resources }: Timeline, events: Events): Node {
  const made = resources.find(({ arn }) => arn.endsWith(`/${id}`));
  const row = {
    what: 'origin' as const,
    title: shown(id, 44),
    detail: 'no credential itself; credentials came from it',
    life: '' as const,
  };
  const proof = made === undefined ? 'not seen being made' : proofOf(made.provedBy, events);
  const strength = made === undefined ? ('seed' as const) : ('exact' as const);
  const parent = made === undefined ? undefined : events.get(made.provedBy)?.accessKeyId;
  return { id, parent, row: { ...row, strength, proof }, children: [] };
}

function proofOf(eventId: string | null, events: Events): string {
  if (eventId === null || eventId === '') return 'where the incident began';
  const entry = events.get(eventId);
  const what = entry === undefined ? '' : `${shown(entry.api, 34)} ${entry.at.slice(11, 19)}, `;
  return `${what}event ${shown(eventId, 13)}`;
}

function strengthOf({ strength, provedBy }: Timeline['credentials'][number]): LineageRow['strength'] {
  if (provedBy === null) return 'seed';
  return strength === 'strong' || strength === 'weak' ? strength : 'exact';
}

function linked(nodes: Node[]): Node[] {
  const byId = new Map(nodes.flatMap((node) => (node.alias === undefined ? [] : [[node.alias, node] as const])));
  for (const node of nodes) byId.set(node.id, node);
  for (const node of nodes) {
    const parent = parentOf(node, byId);
    if (parent !== undefined && parent !== node && !isAbove(node, parent, byId)) parent.children.push(node);
  }
  return nodes;
}

function parentOf({ parent }: Node, byId: ReadonlyMap<string, Node>): Node | undefined {
  return parent === undefined ? undefined : byId.get(parent);
}

/** A ring of parents, in a file that is wrong, must not make a picture without end. */
function isAbove(node: Node, start: Node, byId: ReadonlyMap<string, Node>): boolean {
  const seen = new Set<Node>();
  for (let at: Node | undefined = start; at !== undefined && !seen.has(at); at = parentOf(at, byId)) {
    if (at === node) return true;
    seen.add(at);
  }
  return false;
}

function rootsOf(nodes: readonly Node[]): Node[] {
  const below = new Set(nodes.flatMap(({ children }) => children));
  return nodes.filter((node) => !below.has(node));
}

/** Who is alive, and what leads to it, comes first; then the rest in order of the tree, as far as there is room. */
function keptOf(nodes: readonly Node[]): Set<Node> {
  const kept = new Set<Node>();
  const above = new Map(nodes.flatMap((node) => node.children.map((child) => [child, node] as const)));
  const ordered = [...nodes.filter(({ row }) => row.life === 'ALIVE'), ...nodes];
  for (const node of ordered) {
    const path: Node[] = [];
    for (let at: Node | undefined = node; at !== undefined && !kept.has(at); at = above.get(at)) path.push(at);
    if (kept.size + path.length <= MAX_ROWS) for (const one of path) kept.add(one);
  }
  return kept;
}
