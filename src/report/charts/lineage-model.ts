import type { Timeline } from '../../contracts/timeline.js';
import { shortArn, shown } from '../shown.js';

/** One row of the lineage picture; rows are in the order of the tree. */
export interface LineageRow {
  readonly depth: number;
  /** Index of the parent's row. */
  readonly parent: number | undefined;
  readonly what: 'credential' | 'principal';
  readonly title: string;
  readonly detail: string;
  /** Empty for a principal: the log does not tell. */
  readonly life: 'ALIVE' | 'dead' | 'removed by us' | '';
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
  readonly parent: string | undefined;
  readonly row: Omit<LineageRow, 'depth' | 'parent'>;
  readonly children: Node[];
}

/** Rows that fit on one printed page. */
const MAX_ROWS = 15;
const MAX_DEPTH = 9;

/** The tree of credentials, with the principals the intruder made or changed under the credential that did it. */
export function lineageModel(timeline: Timeline, removed: ReadonlySet<string>): LineageModel {
  const nodes = nodesOf(timeline, removed);
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

function nodesOf(timeline: Timeline, removed: ReadonlySet<string>): Node[] {
  const events = new Map(timeline.entries.map((entry) => [entry.eventId, entry]));
  const proofOf = (eventId: string | null): string => {
    if (eventId === null || eventId === '') return 'where the incident began';
    const entry = events.get(eventId);
    const what = entry === undefined ? '' : `${shown(entry.api, 34)} ${entry.at.slice(11, 19)}, `;
    return `${what}event ${shown(eventId, 13)}`;
  };
  const credentials = timeline.credentials.map((one): Node => {
    const { id, parent, provedBy, kind, principal, used, alive } = one;
    return {
      id,
      parent: parent ?? undefined,
      row: {
        what: 'credential',
        title: shown(id, 44),
        detail: `${shown(kind, 30)} of ${shown(shortArn(principal), 50)}${used ? ', used' : ', never seen used'}`,
        life: removed.has(id) ? 'removed by us' : alive ? 'ALIVE' : 'dead',
        strength: strengthOf(one),
        proof: proofOf(provedBy),
      },
      children: [],
    };
  });
  const principals = timeline.principals.map(({ arn, how, provedBy }): Node => {
    const maker = events.get(provedBy)?.accessKeyId;
    const row = {
      what: 'principal' as const,
      title: shown(shortArn(arn), 44),
      life: removed.has(arn) ? ('removed by us' as const) : ('' as const),
    };
    return {
      id: `${arn} ${how}`,
      parent: maker,
      row: { ...row, strength: 'exact', detail: `principal, ${shown(how, 30)}`, proof: proofOf(provedBy) },
      children: [],
    };
  });
  return linked([...credentials, ...principals]);
}

function strengthOf({ strength, provedBy }: Timeline['credentials'][number]): LineageRow['strength'] {
  if (provedBy === null) return 'seed';
  return strength === 'strong' || strength === 'weak' ? strength : 'exact';
}

function linked(nodes: readonly Node[]): Node[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    const parent = parentOf(node, byId);
    if (parent !== undefined && parent !== node && !isAbove(node, parent, byId)) parent.children.push(node);
  }
  return [...nodes];
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
