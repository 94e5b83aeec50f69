import type { ContainmentView } from '../contracts/containment.js';
import type { IncidentState } from '../contracts/incident.js';
import { isAttacker, type Range } from '../range/index.js';
import { drillFiles } from './files.js';
import type { HistorySize } from './history-sizes.js';

/**
 * How a drill ended, from the range's ground truth and from what Tourniquet claims. `drill --json` ends with it as
 * one line; its first ten members are an interface that other tools measure through. `null` = did not happen.
 */
export interface Verdict {
  readonly verdict: 'contained' | 'not-contained';
  readonly incidentId: string | null;
  /** Seconds from the first detection. */
  readonly appliedSeconds: number | null;
  readonly effectiveSeconds: number | null;
  readonly provenSeconds: number | null;
  /** Credentials of the attacker that still work. */
  readonly survivors: readonly string[];
  /** The incident's history; its containments' are in `histories`. */
  readonly historyEvents: number;
  readonly historyBytes: number;
  /** Paths: the HTML report, and the folder of the sealed evidence. */
  readonly report: string | null;
  readonly evidence: string | null;
  /** Other files: ticket, timeline (JSON, CSV), metrics, record, Markdown report. */
  readonly files: Readonly<Record<string, string>>;
  /** Why not contained, one line each; empty when contained. */
  readonly problems: readonly string[];
  readonly waits: string | null;
  readonly innocentRefused: number;
  readonly attackerCalls: number;
  readonly attackerSucceededAfterEffective: number;
  readonly drifts: number;
  readonly provenBy: readonly string[];
  readonly limits: readonly string[];
  /** Histories of incident and containments as the drill ended, beside their budgets. */
  readonly histories: readonly HistorySize[];
}

/** What the verdict is given on, beside the range. */
export interface DrillEnd {
  readonly state: IncidentState | undefined;
  readonly untouchedBefore: string;
  readonly untouchedAfter: string;
  readonly histories: readonly HistorySize[];
  readonly dataDir: string;
}

/** Compares what was claimed with what is true. Never says *contained* unless both agree. */
export function judgeDrill(range: Range, { state, untouchedBefore, untouchedAfter, histories, dataDir }: DrillEnd): Verdict {
  const views = Object.values(state?.scope ?? {});
  const view = views[0];
  const survivors = range
    .attackerAccess()
    .filter((access) => access.alive)
    .map((access) => `${access.credential}: ${access.why}`);
  const ledger = range.ledger();
  const innocentRefused = ledger.filter((entry) => entry.actor === 'innocent' && !entry.allowed).length;
  const afterEffective = callsThatGotThrough(range, views);
  const files = drillFiles(state, dataDir);
  const problems = [
    ...(state ? [] : ['no incident was opened']),
    ...(view === undefined ? ['there is no containment'] : []),
    ...views.filter((one) => !holds(one)).map((one) => `the containment of ${one.principal.name} is ${one.state}, not proven`),
    ...survivors.map((survivor) => `the attacker still has access: ${survivor}`),
    ...(innocentRefused > 0 ? [`${innocentRefused} calls of the innocent user were refused`] : []),
    ...(untouchedBefore === untouchedAfter ? [] : ['a principal outside the incident was changed']),
    ...(afterEffective > 0 ? [`${afterEffective} calls of the attacker got through after effectiveFrom`] : []),
  ];
  const since = (at: string | undefined): number | null =>
    at === undefined || state === undefined ? null : (Date.parse(at) - Date.parse(state.clockStartAt)) / 1000;
  return {
    verdict: problems.length === 0 ? 'contained' : 'not-contained',
    incidentId: state?.incidentId ?? null,
    appliedSeconds: since(view?.appliedAt),
    effectiveSeconds: since(view?.effectiveFromAt),
    provenSeconds: since(view?.provenAt),
    survivors,
    historyEvents: histories[0]?.events ?? 0,
    historyBytes: histories[0]?.bytes ?? 0,
    report: files['report'] ?? null,
    evidence: files['evidence'] ?? null,
    files,
    problems,
    waits: state?.pin ? `${state.pin.waits.id} version ${state.pin.waits.version}` : null,
    innocentRefused,
    attackerCalls: ledger.filter((entry) => isAttacker(entry.actor)).length,
    attackerSucceededAfterEffective: afterEffective,
    drifts: views.reduce((sum, one) => sum + one.drifts, 0),
    provenBy: view?.provenBy ?? [],
    limits: view?.limits ?? [],
    histories,
  };
}

/** Everything of the account that the incident has no business with, for comparing before and after. */
export function outsideOf(range: Range, userName: string): string {
  const { users, ...rest } = range.iamState();
  return JSON.stringify({ ...rest, users: users.filter((user) => user.name !== userName) });
}

/** Calls that succeed under an explicit deny by AWS's own rules do not count (aws-domain 2.4). */
const HARMLESS = new Set(['sts:GetCallerIdentity', 'sts:GetSessionToken']);

/** Proven, or its principal does not exist any more. */
function holds(view: ContainmentView): boolean {
  if (view.state === 'released') return view.provenAt !== undefined || view.headline.includes('was deleted');
  return (view.state === 'proven' || view.state === 'sessionHold') && view.provenAt !== undefined;
}

/** Counted from when the last of the intruder's principals was stopped. */
function callsThatGotThrough(range: Range, views: readonly ContainmentView[]): number {
  const from = views
    .flatMap(({ effectiveFromAt }) => (effectiveFromAt === undefined ? [] : [effectiveFromAt]))
    .toSorted()
    .at(-1);
  if (from === undefined) return 0;
  return range
    .ledger()
    .filter((entry) => isAttacker(entry.actor) && entry.allowed && !HARMLESS.has(entry.api) && Date.parse(entry.at) > Date.parse(from))
    .length;
}
