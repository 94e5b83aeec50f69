import { cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import { CollectInput, type EvidenceFile, type EvidenceItem, type EvidenceItemName } from '../../src/contracts/evidence.js';
import { parsePayload, permanent } from '../../src/contracts/failures.js';
import { evidencePath } from '../../src/domain/evidence/paths.js';
import { redact } from '../../src/domain/evidence/redact.js';
import type { AccessScope } from '../../src/ports/aws-access.js';
import type { EvidenceStore } from '../../src/ports/evidence-store.js';
import { collectAccessAnalyzer } from './collect/access-analyzer.js';
import { collectCloudTrail } from './collect/cloud-trail.js';
import { collectCloudWatchLogs } from './collect/cloud-watch-logs.js';
import type { Collector, CollectTools, EvidenceClients, Gathered, GatheredFile, GatherRecords } from './collect/collector.js';
import { collectCredentialReport } from './collect/credential-report.js';
import { collectGuardDuty } from './collect/guard-duty.js';
import { collectIamState } from './collect/iam-state.js';
import { refusalOf } from './collect/reading.js';
import { collectVpcFlowLogs } from './collect/vpc-flow-logs.js';

export interface CollectEvidenceDeps {
  /** Sealed originals: whole, with every secret that AWS recorded. */
  readonly evidence: EvidenceStore;
  /** Redacted working copies. */
  readonly working: EvidenceStore;
  readonly clients: (scope: AccessScope) => EvidenceClients;
  readonly regions: readonly string[];
  readonly gatherRecords: GatherRecords;
  /** ARN that reads, for the notes of an item. */
  readonly collectedAs: () => Promise<string>;
  /** This program's name and version, for the notes of an item. */
  readonly tool: string;
  readonly now: () => string;
}

/** Names come from log groups and analyzers; the hash behind them keeps files apart. */
const LONGEST_NAME = 120;

/** The timeline is put together elsewhere and comes into the seal as an item. */
const COLLECTORS: Readonly<Record<Exclude<EvidenceItemName, 'timeline'>, Collector>> = {
  cloudTrail: collectCloudTrail,
  cloudWatchLogs: collectCloudWatchLogs,
  vpcFlowLogs: collectVpcFlowLogs,
  credentialReport: collectCredentialReport,
  iamState: collectIamState,
  accessAnalyzer: collectAccessAnalyzer,
  guardDuty: collectGuardDuty,
};

/**
 * Collects one item of S003 appendix B: originals into the evidence store, redacted copies into the working folder. What is
 * not there, or may not be read, is an absence with its reason. Paths carry the content's hash: collecting again after a
 * crash writes the same file for the same content and overwrites nothing. Each collector names the permissions it needs.
 *
 * @throws InvalidPayload, permanent: the item is put together elsewhere.
 * @throws Throttled, UpstreamUnavailable, ConflictInFlight, transient; PermissionDenied, permanent: the store refuses.
 */
export function createCollectEvidence(deps: CollectEvidenceDeps): (input: CollectInput) => Promise<EvidenceItem> {
  return async (raw) => {
    const input = parsePayload(CollectInput, raw, 'collect input');
    const { item } = input;
    if (item === 'timeline') throw permanent('InvalidPayload', 'the timeline is not collected, it is built');
    const gathered = await gather(COLLECTORS[item], { input, tools: toolsOf(deps, input) });
    if (gathered.outcome === 'absent') return { item, outcome: 'absent', reason: gathered.reason };
    const files: EvidenceFile[] = [];
    for (const file of gathered.files) files.push(await store(deps, { input, file }));
    const by = `collected by ${deps.tool} as ${await deps.collectedAs()}`;
    return { item, outcome: 'collected', files, notes: [...gathered.notes, by] };
  };
}

/** Only reading may be refused: a store that refuses is a failure, or evidence would be lost in silence. */
async function gather(collect: Collector, { input, tools }: { input: CollectInput; tools: CollectTools }): Promise<Gathered> {
  try {
    return await collect(input, tools);
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    return { outcome: 'absent', reason };
  }
}

function toolsOf({ clients, regions, gatherRecords, now }: CollectEvidenceDeps, { principal, incidentId }: CollectInput): CollectTools {
  const onCall = (): void => {
    heartbeat();
    cancellationSignal().throwIfAborted();
  };
  const pause = async (ms: number): Promise<void> => {
    onCall();
    await sleep(ms);
  };
  return { clients: clients({ account: principal.account, role: 'Reader', incidentId }), regions, gatherRecords, now, onCall, pause };
}

async function store(
  { evidence, working }: CollectEvidenceDeps,
  { input, file }: { input: CollectInput; file: GatheredFile },
): Promise<EvidenceFile> {
  heartbeat();
  const { name, extension, content, ...facts } = file;
  const safeName = name.replaceAll(/[^\w.-]+/g, '_').slice(0, LONGEST_NAME);
  const place = { incidentId: input.incidentId, collectionId: input.collectionId, item: input.item, name: safeName, extension };
  const original = Buffer.from(content);
  const copy = Buffer.from(redact(content, extension));
  const ref = await evidence.put(evidencePath(place, original), original);
  const workingCopy = await working.put(evidencePath(place, copy), copy);
  return { ref, workingCopy, ...facts, account: input.principal.account };
}
