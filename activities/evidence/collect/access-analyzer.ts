import { type FindingSummaryV2, GetFindingV2Command, ListAnalyzersCommand, ListFindingsV2Command } from '@aws-sdk/client-accessanalyzer';
import type { Collector, CollectTools, GatheredFile } from './collector.js';
import { inEachRegion, readPages, startTrail, type CallTrail } from './reading.js';

/** Findings of one analyzer; the file then says that it was cut. */
const MAX_FINDINGS = 2_000;
/** GetFindingV2 is one call per finding. */
const MAX_DETAILS = 100;
const MAX_ANALYZERS = 100;

/**
 * Findings of every IAM Access Analyzer of every region, with details: who outside may use what. Needs
 * `access-analyzer:ListAnalyzers`, `ListFindingsV2`, `GetFindingV2`.
 */
export const collectAccessAnalyzer: Collector = async (_input, tools) => {
  const { found, refused } = await inEachRegion(tools.regions, (region) => readRegion(tools, region));
  const files = found.flatMap((one) => one.files);
  const notes = [...refused.map((why) => `analyzers not read in ${why}`), ...found.flatMap((one) => one.notes)];
  if (files.length > 0) return { outcome: 'collected', files, notes };
  return { outcome: 'absent', reason: refused.length > 0 ? notes.join('; ') : `no analyzer in ${tools.regions.join(', ')}` };
};

async function readRegion(tools: CollectTools, region: string): Promise<{ files: GatheredFile[]; notes: string[] }> {
  const client = tools.clients.accessAnalyzer(region);
  const { items: analyzers } = await readPages(
    async (nextToken) => {
      tools.onCall();
      const page = await client.send(new ListAnalyzersCommand(nextToken === undefined ? {} : { nextToken }));
      return { items: page.analyzers ?? [], next: page.nextToken };
    },
    { maxItems: MAX_ANALYZERS },
  );
  const files: GatheredFile[] = [];
  const notes: string[] = [];
  for (const { arn: analyzerArn, name, type } of analyzers) {
    const trail = startTrail(tools);
    const { items: findings, truncated } = await readFindings({ tools, trail, region }, analyzerArn);
    const details = await readDetails({ tools, trail, region }, { analyzerArn, findings });
    if (details.length < findings.length) notes.push(`${name}: details of ${details.length} of ${findings.length} findings`);
    const facts = {
      name: `findings-${region}-${name ?? 'analyzer'}`,
      api: 'access-analyzer:ListFindingsV2',
      params: { analyzerArn: analyzerArn ?? '', type: type ?? '' },
    };
    files.push(trail.file({ ...facts, region, content: { analyzerArn, findings, details }, rows: findings.length, truncated }));
  }
  return { files, notes };
}

type Reading = { readonly tools: CollectTools; readonly trail: CallTrail; readonly region: string };

function readFindings(
  { tools, trail, region }: Reading,
  analyzerArn: string | undefined,
): Promise<{ items: FindingSummaryV2[]; truncated: boolean }> {
  return readPages<FindingSummaryV2>(
    async (nextToken) => {
      const page = await trail.send(() =>
        tools.clients
          .accessAnalyzer(region)
          .send(new ListFindingsV2Command({ analyzerArn, ...(nextToken === undefined ? {} : { nextToken }) })),
      );
      return { items: page.findings ?? [], next: page.nextToken };
    },
    { maxItems: MAX_FINDINGS },
  );
}

async function readDetails(
  { tools, trail, region }: Reading,
  { analyzerArn, findings }: { analyzerArn: string | undefined; findings: readonly FindingSummaryV2[] },
): Promise<unknown[]> {
  const details: unknown[] = [];
  for (const { id } of findings.slice(0, MAX_DETAILS)) {
    const answer = await trail.send(() => tools.clients.accessAnalyzer(region).send(new GetFindingV2Command({ analyzerArn, id })));
    details.push({ ...answer, $metadata: undefined });
  }
  return details;
}
