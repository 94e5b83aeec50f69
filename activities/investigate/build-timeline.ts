import { createHash } from 'node:crypto';
import { heartbeat } from '@temporalio/activity';
import type { EvidenceItem } from '../../src/contracts/evidence.js';
import { parsePayload } from '../../src/contracts/failures.js';
import type { EvidenceRef } from '../../src/contracts/primitives.js';
import { type Timeline, TimelineInput, type TimelineSummary } from '../../src/contracts/timeline.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { type BuiltTimeline, buildTimeline } from '../../src/domain/timeline/build.js';
import { timelineCsv } from '../../src/domain/timeline/csv.js';
import { summaryOf } from '../../src/domain/timeline/summary.js';
import type { EventHistory } from '../../src/ports/event-history.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import { createGatherer, type Gathered, type GatherInput } from './gather-records.js';

export interface BuildTimelineDeps {
  readonly history: EventHistory;
  readonly evidence: EvidenceStore;
  readonly working: EvidenceStore;
  /** ARNs of every identity we act with. */
  readonly ownArns: () => Promise<readonly string[]>;
  readonly nowMs: () => number;
}

/** A lineage this deep or wide hands over to the archive; the timeline says so. */
const MAX_ROUNDS = 8;
const MAX_ASKED = 60;

/**
 * Builds the timeline of an incident: reads CloudTrail by principal and key, follows what descends from them
 * (sessions, keys, users, roles) until nothing new appears, and writes JSON and CSV: sealed and as working copies.
 * Repeated whole after a crash; files are named by their content. Needs `cloudtrail:LookupEvents`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createBuildTimeline(deps: BuildTimelineDeps): (input: TimelineInput) => Promise<TimelineSummary> {
  return async (raw) => {
    const input = parsePayload(TimelineInput, raw, 'timeline');
    const startedMs = deps.nowMs();
    const { built, gathered } = await followToTheEnd(deps, input, startedMs);
    const json = await store(deps, input, { name: 'timeline', ending: 'json', text: canonicalJson(built.timeline) });
    const csv = await store(deps, input, { name: 'timeline', ending: 'csv', text: timelineCsv(built.timeline) });
    const inScope = new Set(input.principals.map(({ arn }) => arn));
    const item = itemOf({ input, startedMs, endedMs: deps.nowMs(), timeline: built.timeline, gathered, files: [json, csv] });
    return summaryOf(built.timeline, { lineage: built.lineage, inScope, files: { ref: json.working, csvRef: csv.working, item } });
  };
}

interface Followed {
  readonly built: BuiltTimeline;
  readonly gathered: Gathered;
}

/** Asks for what the last round found, until a round finds nothing new. */
async function followToTheEnd(deps: BuildTimelineDeps, input: TimelineInput, startedMs: number): Promise<Followed> {
  const gatherer = createGatherer(deps.history);
  const { account } = input.principals[0] ?? { account: '' };
  const base = { account, fromMs: Date.parse(input.fromAt), toMs: startedMs, onPage: () => heartbeat() };
  const responders = new Set(await deps.ownArns());
  const question = {
    incidentId: input.incidentId,
    seeds: [...input.principals.map(({ arn }) => arn), ...input.accessKeyIds],
    responders,
    issuedKeyIds: new Set(input.issuedKeyIds),
    ownedAccounts: new Set(input.principals.map((principal) => principal.account)),
  };
  let wanted = wantedOf({ arns: input.principals.map(({ arn }) => arn), keys: input.accessKeyIds });
  for (let round = 1; ; round += 1) {
    const gathered = await gatherer.gather({ ...base, ...wanted });
    const known = sizeOf(wanted);
    const tooMuch = known > MAX_ASKED || round > MAX_ROUNDS;
    const built = buildTimeline(gathered.records, question, {
      fromAt: input.fromAt,
      readUntilAt: new Date(startedMs).toISOString(),
      pages: gathered.pages,
      regions: [...gathered.regions],
      complete: gathered.complete && !tooMuch,
      gaps: [
        ...gathered.notes,
        ...(tooMuch ? [`more than ${MAX_ASKED} names or ${MAX_ROUNDS} rounds to look up: the rest was not read`] : []),
      ],
    });
    wanted = wantedOf({
      arns: [
        ...input.principals.map(({ arn }) => arn),
        ...built.timeline.principals.map(({ arn }) => arn),
        ...built.timeline.credentials.map(({ principal }) => principal),
      ],
      keys: [...input.accessKeyIds, ...built.timeline.credentials.map(({ id }) => id)],
    });
    if (tooMuch || sizeOf(wanted) === known) return { built, gathered };
  }
}

type Wanted = Pick<GatherInput, 'accessKeyIds' | 'userNames'> & { readonly resourceNames: readonly string[] };

/** The questions for these principals and keys. Roles are asked by ARN and by name: records carry either. */
function wantedOf({ arns, keys }: { arns: readonly string[]; keys: readonly string[] }): Wanted {
  const named = [...new Set(arns)].flatMap((arn) => {
    const [, kind, name] = /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    return name === undefined ? [] : [{ kind, name, arn }];
  });
  return {
    accessKeyIds: [...new Set(keys)].filter((key) => /^A[KS]IA[A-Z0-9]{12,}$/.test(key)).toSorted(),
    userNames: named
      .filter(({ kind }) => kind === 'user')
      .map(({ name }) => name)
      .toSorted(),
    resourceNames: named.flatMap(({ kind, name, arn }) => (kind === 'role' ? [name, arn] : [name])).toSorted(),
  };
}

function sizeOf({ accessKeyIds, userNames, resourceNames }: Wanted): number {
  return accessKeyIds.length + userNames.length + resourceNames.length;
}

interface File {
  readonly name: string;
  readonly ending: 'json' | 'csv';
  readonly text: string;
}
interface Stored {
  readonly sealed: EvidenceRef;
  readonly working: EvidenceRef;
}

/** Event records are read without their tokens (`readLogRecord`), so the working copy is the same text. */
async function store({ evidence, working }: BuildTimelineDeps, input: TimelineInput, file: File): Promise<Stored> {
  const bytes = new TextEncoder().encode(file.text);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const path = `${input.incidentId}/${input.collectionId}/timeline/${file.name}-${hash}.${file.ending}`;
  return { sealed: await evidence.put(path, bytes), working: await working.put(path, bytes) };
}

interface ItemFacts {
  readonly input: TimelineInput;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly timeline: Timeline;
  readonly gathered: Gathered;
  readonly files: readonly Stored[];
}

function itemOf({ input, startedMs, endedMs, timeline, gathered, files }: ItemFacts): EvidenceItem {
  return {
    item: 'timeline',
    outcome: 'collected',
    notes: [...timeline.completeness.gaps, ...timeline.completeness.notRead],
    files: files.map(({ sealed, working }) => ({
      ref: sealed,
      workingCopy: working,
      api: 'cloudtrail:LookupEvents',
      params: { seeds: timeline.seeds, fromAt: input.fromAt },
      region: gathered.regions.join(','),
      account: input.principals[0]?.account ?? '',
      // Hundreds of ids would fill the history; those of the raw records are in the item cloudTrail.
      requestIds: gathered.requestIds.slice(0, 5),
      startedAt: new Date(startedMs).toISOString(),
      endedAt: new Date(endedMs).toISOString(),
      rows: timeline.entries.length,
      truncated: !timeline.completeness.complete,
    })),
  };
}
