import type { Trail } from '@aws-sdk/client-cloudtrail';
import { valueAt } from '../../../src/domain/json-value.js';
import type { Collector, GatheredFile } from './collector.js';
import { startTrail } from './reading.js';
import { readTrails } from './trails.js';

/**
 * Records of the principal and its keys, whole, in the form of CloudTrail's own log files, and the trails of the account.
 * The event history is not signed: whether signed log files and digests exist beside it is stated.
 * Needs `cloudtrail:LookupEvents`; `cloudtrail:DescribeTrails`, without which the trails are left open.
 */
export const collectCloudTrail: Collector = async (input, tools) => {
  const { principal, accessKeyIds, fromAt, toAt } = input;
  const events = startTrail(tools);
  const userNames = [principal.name];
  const found = await tools.gatherRecords({
    account: principal.account,
    accessKeyIds,
    userNames,
    fromMs: Date.parse(fromAt),
    toMs: Date.parse(toAt),
    onPage: tools.onCall,
  });
  const Records = found.records.toSorted(byTimeAndId);
  const file: GatheredFile = {
    ...events.file({
      name: 'lookup-events',
      api: 'cloudtrail:LookupEvents',
      params: { accessKeyIds, userNames, fromAt, toAt, pages: found.pages },
      region: found.regions.join(','),
      content: { Records },
      rows: Records.length,
      truncated: !found.complete,
    }),
    requestIds: [...found.requestIds],
  };

  const described = startTrail(tools);
  const trails = await readTrails(tools, described);
  const content = { trailList: trails.found };
  const params = { regions: [...tools.regions] };
  const trailFile = described.file({
    name: 'trails',
    api: 'cloudtrail:DescribeTrails',
    params,
    region: tools.regions.join(','),
    content,
    rows: trails.found.length,
  });
  const notes = [
    'LookupEvents output is not cryptographically verifiable, and holds management events only',
    ...found.notes,
    ...trails.refused.map((why) => `trails not read in ${why}`),
    ...(trails.found.length === 0 && trails.refused.length === 0 ? ['no trail: there are no signed log files or digests'] : []),
    ...trails.found.map(whereSigned),
  ];
  return { outcome: 'collected', files: [file, trailFile], notes };
};

function whereSigned({ Name = '?', S3BucketName = '?', S3KeyPrefix, LogFileValidationEnabled }: Trail): string {
  const place = `s3://${S3BucketName}/${S3KeyPrefix === undefined ? '' : `${S3KeyPrefix}/`}AWSLogs/`;
  return LogFileValidationEnabled === true
    ? `trail ${Name}: signed log files and digests are in ${place}`
    : `trail ${Name}: log files without digests are in ${place}; they are not verifiable either`;
}

/** One order whatever order they came in, so that reading again gives the same file. */
function byTimeAndId(left: unknown, right: unknown): number {
  const key = (record: unknown): string => `${String(valueAt(record, 'eventTime'))} ${String(valueAt(record, 'eventID'))}`;
  return key(left) < key(right) ? -1 : 1;
}
