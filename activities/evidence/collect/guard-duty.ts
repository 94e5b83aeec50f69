import { type Condition, GetFindingsCommand, ListDetectorsCommand, ListFindingsCommand } from '@aws-sdk/client-guardduty';
import type { CollectInput } from '../../../src/contracts/evidence.js';
import type { Collector, CollectTools, GatheredFile, Params } from './collector.js';
import { inEachRegion, readPages, startTrail, type CallTrail } from './reading.js';

/** Findings about one principal in one region; the file then says that it was cut. */
const MAX_FINDINGS = 1_000;
/** GetFindings takes at most 50 ids (GuardDuty API reference). */
const BATCH = 50;

/**
 * Whole GuardDuty findings about the keys or the user, by region, seen since the incident's beginning, archived ones too.
 * Needs `guardduty:ListDetectors`, `ListFindings`, `GetFindings`.
 */
export const collectGuardDuty: Collector = async (input, tools) => {
  const { found, refused } = await inEachRegion(tools.regions, (region) => readRegion({ input, tools, region }));
  const files = found.flat();
  const notes = refused.map((why) => `GuardDuty not read in ${why}`);
  if (files.length > 0) return { outcome: 'collected', files, notes };
  return { outcome: 'absent', reason: refused.length > 0 ? notes.join('; ') : `GuardDuty has no detector in ${tools.regions.join(', ')}` };
};

async function readRegion({ input, tools, region }: { input: CollectInput; tools: CollectTools; region: string }): Promise<GatheredFile[]> {
  tools.onCall();
  const { DetectorIds = [] } = await tools.clients.guardDuty(region).send(new ListDetectorsCommand({}));
  const files: GatheredFile[] = [];
  for (const DetectorId of DetectorIds) {
    const trail = startTrail(tools);
    const since = { updatedAt: { GreaterThanOrEqual: Date.parse(input.fromAt) } };
    const ids = new Set<string>();
    let truncated = false;
    // Criteria are joined by "and": a finding about the key and one about the name are two questions.
    for (const criterion of questionsOf(input)) {
      const listed = await listIds({ tools, trail, region, DetectorId }, { ...criterion, ...since });
      for (const id of listed.items) ids.add(id);
      truncated ||= listed.truncated;
    }
    const Findings = await getFindings({ tools, trail, region, DetectorId }, [...ids]);
    const params: Params = { DetectorId, accessKeyIds: input.accessKeyIds, userName: input.principal.name, updatedSinceAt: input.fromAt };
    files.push(
      trail.file({
        name: `findings-${region}`,
        api: 'guardduty:GetFindings',
        params,
        region,
        content: { Findings },
        rows: Findings.length,
        truncated,
      }),
    );
  }
  return files;
}

function questionsOf({ accessKeyIds, principal }: CollectInput): Record<string, Condition>[] {
  const byKey = accessKeyIds.length === 0 ? [] : [{ 'resource.accessKeyDetails.accessKeyId': { Equals: accessKeyIds } }];
  return [...byKey, { 'resource.accessKeyDetails.userName': { Equals: [principal.name] } }];
}

type Reading = { readonly tools: CollectTools; readonly trail: CallTrail; readonly region: string; readonly DetectorId: string };

function listIds(
  { tools, trail, region, DetectorId }: Reading,
  Criterion: Record<string, Condition>,
): Promise<{ items: string[]; truncated: boolean }> {
  return readPages<string>(
    async (NextToken) => {
      const page = await trail.send(() =>
        tools.clients.guardDuty(region).send(
          new ListFindingsCommand({
            DetectorId,
            FindingCriteria: { Criterion },
            MaxResults: BATCH,
            ...(NextToken === undefined ? {} : { NextToken }),
          }),
        ),
      );
      // GuardDuty ends with an empty token.
      return { items: page.FindingIds ?? [], next: page.NextToken === '' ? undefined : page.NextToken };
    },
    { maxItems: MAX_FINDINGS },
  );
}

async function getFindings({ tools, trail, region, DetectorId }: Reading, ids: readonly string[]): Promise<unknown[]> {
  const findings: unknown[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const FindingIds = ids.slice(start, start + BATCH);
    const { Findings = [] } = await trail.send(() =>
      tools.clients.guardDuty(region).send(new GetFindingsCommand({ DetectorId, FindingIds })),
    );
    findings.push(...Findings);
  }
  return findings;
}
