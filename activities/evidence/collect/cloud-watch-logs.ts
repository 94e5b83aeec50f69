import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { CollectInput } from '../../../src/contracts/evidence.js';
import type { Collector, CollectTools, GatheredFile } from './collector.js';
import { readLines } from './log-lines.js';
import { inEachRegion, readPages, refusalOf, startTrail } from './reading.js';
import { readTrails } from './trails.js';

/** Log groups searched per region: FilterLogEvents takes a few requests a second. Those of trails come first. */
const MAX_GROUPS = 200;
const ACCESS_KEY_ID = /^[A-Z0-9]{16,128}$/;

type Found = { readonly files: readonly GatheredFile[]; readonly notes: readonly string[]; readonly groups: number };

/**
 * Lines of any log group that name one of the access keys, by region and group: the workload's own log of its calls, a
 * trail's log group, application errors. Needs `logs:DescribeLogGroups`, `logs:FilterLogEvents`; `cloudtrail:DescribeTrails`,
 * without which the groups of trails are not searched first.
 */
export const collectCloudWatchLogs: Collector = async (input, tools) => {
  if (input.accessKeyIds.length === 0) return { outcome: 'absent', reason: 'no access key is known to search log groups for' };
  const trails = await readTrails(tools, startTrail(tools));
  const first = new Set(
    trails.found.flatMap(({ CloudWatchLogsLogGroupArn: arn }) => arn?.split(':log-group:')[1]?.replace(/:\*$/, '') ?? []),
  );
  const { found, refused } = await inEachRegion(tools.regions, (region) => searchRegion({ input, tools, region, first }));

  const groups = found.reduce((sum, one) => sum + one.groups, 0);
  const notes = [...found.flatMap((one) => one.notes), ...refused.map((why) => `log groups not read in ${why}`)];
  if (groups === 0)
    return { outcome: 'absent', reason: refused.length > 0 ? refused.join('; ') : `no log group in ${tools.regions.join(', ')}` };
  const files = found.flatMap((one) => one.files);
  return files.length === 0 ? { outcome: 'absent', reason: notes.join('; ') } : { outcome: 'collected', files, notes };
};

async function searchRegion(search: {
  input: CollectInput;
  tools: CollectTools;
  region: string;
  first: ReadonlySet<string>;
}): Promise<Found> {
  const { input, tools, region, first } = search;
  const { names, truncated } = await groupNames(tools, region);
  const ordered = [...names].toSorted((a, b) => Number(first.has(b)) - Number(first.has(a)) || (a < b ? -1 : 1)).slice(0, MAX_GROUPS);
  const files: GatheredFile[] = [];
  const notes: string[] = [];
  const keys = input.accessKeyIds.filter((id) => ACCESS_KEY_ID.test(id));
  for (const group of ordered) {
    try {
      files.push(await searchGroup({ ...search, group, keys }));
    } catch (error) {
      const why = refusalOf(error);
      if (why === undefined) throw error;
      notes.push(`${group} not read: ${why}`);
    }
  }
  const silent = files.filter(({ rows }) => rows === 0).length;
  if (ordered.length > 0) notes.push(`${region}: ${ordered.length} log groups searched, ${silent} without a line about the keys`);
  if (truncated || names.length > ordered.length) notes.push(`${region}: more than ${MAX_GROUPS} log groups, the rest was not searched`);
  // One file without lines is enough to show that there was nothing.
  const told = files.filter(({ rows }) => rows > 0);
  return { files: told.length > 0 ? told : files.slice(0, 1), notes, groups: names.length };
}

async function groupNames({ clients, onCall }: CollectTools, region: string): Promise<{ names: string[]; truncated: boolean }> {
  const { items, truncated } = await readPages<string>(
    async (nextToken) => {
      onCall();
      const page = await clients.logs(region).send(new DescribeLogGroupsCommand(nextToken === undefined ? {} : { nextToken }));
      return { items: (page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []), next: page.nextToken };
    },
    { maxItems: 10 * MAX_GROUPS },
  );
  return { names: items, truncated };
}

/** One query per key: a pattern with alternatives would be another syntax for JSON groups. */
async function searchGroup(search: {
  input: CollectInput;
  tools: CollectTools;
  region: string;
  group: string;
  keys: readonly string[];
}): Promise<GatheredFile> {
  const { input, tools, region, group, keys } = search;
  const trail = startTrail(tools);
  const events = new Map<string, unknown>();
  let truncated = false;
  for (const key of keys) {
    const lines = await readLines(tools, trail, { group, region, fromAt: input.fromAt, toAt: input.toAt, pattern: `"${key}"` });
    for (const event of lines.items) events.set(`${event.logStreamName} ${event.eventId}`, event);
    truncated ||= lines.truncated;
  }
  const params = { logGroupName: group, fromAt: input.fromAt, toAt: input.toAt, filterPatterns: keys.map((key) => `"${key}"`) };
  const name = `${region}-${group}`;
  const content = { logGroupName: group, events: [...events.values()] };
  return trail.file({ name, api: 'logs:FilterLogEvents', params, region, content, rows: events.size, truncated });
}
