import { DescribeFlowLogsCommand, type FlowLog } from '@aws-sdk/client-ec2';
import type { CollectInput } from '../../../src/contracts/evidence.js';
import type { Collector, CollectTools, GatheredFile } from './collector.js';
import { readLines } from './log-lines.js';
import { inEachRegion, readPages, refusalOf, startTrail } from './reading.js';

/** More flow logs than an account can have in a region (VPC quotas: 2 per resource). */
const MAX_FLOW_LOGS = 5_000;

/**
 * Which flow logs exist, and the records of those in CloudWatch Logs over the incident's time. Those in S3 are named with
 * their place: they are whole days of all traffic, to be copied by hand. That there is none is a finding of its own.
 * Needs `ec2:DescribeFlowLogs`, `logs:FilterLogEvents`.
 */
export const collectVpcFlowLogs: Collector = async (input, tools) => {
  const { found, refused } = await inEachRegion(tools.regions, (region) => readFlowLogs(tools, region));
  const logs = found.flatMap((one) => one.logs);
  const notes = refused.map((why) => `flow logs not read in ${why}`);
  if (logs.length === 0) {
    return { outcome: 'absent', reason: refused.length > 0 ? notes.join('; ') : `no VPC flow log in ${tools.regions.join(', ')}` };
  }
  const files = found.filter((one) => one.logs.length > 0).map(({ file }) => file);
  for (const one of found) {
    for (const log of one.logs) {
      if (log.LogGroupName === undefined)
        notes.push(`${log.FlowLogId}: records are in ${log.LogDestination ?? 'an unknown place'}, not copied`);
      else await addRecords({ input, tools, region: one.region, group: log.LogGroupName }, { files, notes });
    }
  }
  return { outcome: 'collected', files, notes };
};

async function readFlowLogs(
  tools: CollectTools,
  region: string,
): Promise<{ region: string; logs: readonly FlowLog[]; file: GatheredFile }> {
  const trail = startTrail(tools);
  const { items: logs, truncated } = await readPages<FlowLog>(
    async (NextToken) => {
      const page = await trail.send(() =>
        tools.clients.ec2(region).send(new DescribeFlowLogsCommand(NextToken === undefined ? {} : { NextToken })),
      );
      return { items: page.FlowLogs ?? [], next: page.NextToken };
    },
    { maxItems: MAX_FLOW_LOGS },
  );
  const file = trail.file({
    name: `flow-logs-${region}`,
    api: 'ec2:DescribeFlowLogs',
    params: {},
    region,
    content: { FlowLogs: logs },
    rows: logs.length,
    truncated,
  });
  return { region, logs, file };
}

async function addRecords(
  { input, tools, region, group }: { input: CollectInput; tools: CollectTools; region: string; group: string },
  { files, notes }: { files: GatheredFile[]; notes: string[] },
): Promise<void> {
  const trail = startTrail(tools);
  try {
    const { items: events, truncated, params } = await readLines(tools, trail, { group, region, fromAt: input.fromAt, toAt: input.toAt });
    const name = `records-${region}-${group}`;
    files.push(
      trail.file({
        name,
        api: 'logs:FilterLogEvents',
        params,
        region,
        content: { logGroupName: group, events },
        rows: events.length,
        truncated,
      }),
    );
  } catch (error) {
    const why = refusalOf(error);
    if (why === undefined) throw error;
    notes.push(`records of ${group} not read: ${why}`);
  }
}
