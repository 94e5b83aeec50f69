import { heartbeat } from '@temporalio/activity';
import { parsePayload } from '../../src/contracts/failures.js';
import type { EvidenceRef } from '../../src/contracts/primitives.js';
import { TimelineInput, type TimelineSummary } from '../../src/contracts/timeline.js';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { sha256Hex } from '../../src/domain/evidence/paths.js';
import { type BuiltTimeline, buildTimeline } from '../../src/domain/timeline/build.js';
import { distinct } from '../../src/domain/lineage/values.js';
import { timelineCsv } from '../../src/domain/timeline/csv.js';
import { summaryOf } from '../../src/domain/timeline/summary.js';
import type { EventHistory } from '../../src/ports/event-history.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import { createGatherer, type GatherInput } from './gather-records.js';

export interface BuildTimelineDeps {
  readonly history: EventHistory;
  readonly working: EvidenceStore;
  /** ARNs of every identity we act with in these accounts. */
  readonly ownArns: (accounts: readonly string[]) => Promise<readonly string[]>;
  readonly nowMs: () => number;
}

/** A lineage this deep or wide hands over to the archive; the timeline says so. */
const MAX_ROUNDS = 8;
const MAX_ASKED = 60;

/**
 * Builds the timeline of an incident: reads CloudTrail by principal and key, follows what descends from them
 * (sessions, keys, users, roles) until nothing new appears, and writes JSON and CSV into the working folder.
 * Repeated whole after a crash; files are named by their content. Needs `cloudtrail:LookupEvents`.
 *
 * @throws PermissionDenied, permanent; Throttled, UpstreamUnavailable, transient.
 */
export function createBuildTimeline(deps: BuildTimelineDeps): (input: TimelineInput) => Promise<TimelineSummary> {
  return async (raw) => {
    const input = parsePayload(TimelineInput, raw, 'timeline');
    const startedMs = deps.nowMs();
    const built = await followToTheEnd(deps, input, startedMs);
    const json = await store(deps, input, { ending: 'json', text: canonicalJson(built.timeline) });
    const csv = await store(deps, input, { ending: 'csv', text: timelineCsv(built.timeline) });
    const inScope = new Set(input.principals.map(({ arn }) => arn));
    return summaryOf(built.timeline, { lineage: built.lineage, inScope, files: { ref: json, csvRef: csv } });
  };
}

/** Asks for what the last round found, until a round finds nothing new. */
async function followToTheEnd(deps: BuildTimelineDeps, input: TimelineInput, startedMs: number): Promise<BuiltTimeline> {
  const gatherer = createGatherer(deps.history);
  const { account } = input.principals[0] ?? { account: '' };
  // What can still be used against us is as urgent as the proof.
  const priority = input.quick ? ('proof' as const) : ('investigation' as const);
  const base = { account, fromMs: Date.parse(input.fromAt), toMs: startedMs, onPage: () => heartbeat(), priority };
  const ownedAccounts = new Set(input.principals.map((principal) => principal.account));
  const responders = new Set(await deps.ownArns([...ownedAccounts]));
  const question = {
    incidentId: input.incidentId,
    seeds: [...input.principals.map(({ arn }) => arn), ...input.accessKeyIds],
    responders,
    issuedKeyIds: new Set(input.issuedKeyIds),
    ownedAccounts,
    alarm: { since: Date.parse(input.suspiciousSinceAt), ips: new Set(input.suspectIps.map((ip) => ip.toLowerCase())) },
  };
  let wanted = wantedOf({ arns: input.principals.map(({ arn }) => arn), keys: input.accessKeyIds });
  for (let round = 1; ; round += 1) {
    const gathered = await gatherer.gather({ ...base, ...wanted });
    const asked = canonicalJson(wanted);
    const tooMuch = sizeOf(wanted) > MAX_ASKED || round > MAX_ROUNDS;
    const last = input.quick || tooMuch;
    const built = buildTimeline(gathered.records, question, {
      fromAt: input.fromAt,
      readUntilAt: new Date(startedMs).toISOString(),
      pages: gathered.pages,
      requestIds: gathered.requestIds,
      regions: [...gathered.regions],
      complete: gathered.complete && !last,
      gaps: [
        ...gathered.notes,
        ...(input.quick ? ['a first look: what descends from the first names was not followed yet'] : []),
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
    if (last || canonicalJson(wanted) === asked) return built;
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
    // One user may be named with its path and without.
    userNames: distinct(named.filter(({ kind }) => kind === 'user').map(({ name }) => name)),
    resourceNames: distinct(named.flatMap(({ kind, name, arn }) => (kind === 'role' ? [name, arn] : [name]))),
  };
}

function sizeOf({ accessKeyIds, userNames, resourceNames }: Wanted): number {
  return accessKeyIds.length + userNames.length + resourceNames.length;
}

/** Event records are read without their tokens (`readLogRecord`): there is nothing to redact. */
async function store(
  { working }: BuildTimelineDeps,
  input: TimelineInput,
  file: { ending: 'json' | 'csv'; text: string },
): Promise<EvidenceRef> {
  const bytes = new TextEncoder().encode(file.text);
  const hash = sha256Hex(bytes).slice(0, 16);
  return working.put(`${input.incidentId}/timeline/timeline-${hash}.${file.ending}`, bytes);
}
