import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  FilteredLogEvent,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../aws-error.js';
import { pageOf } from '../iam/paging.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { readFilterPattern } from './filter-pattern.js';
import { createMetricFilterOperations } from './metric-filters.js';
import type { LogGroup } from './log-group.js';

/** Page sizes of DescribeLogGroups and FilterLogEvents (CloudWatch Logs API reference; the range's own pages end at 1,000). */
const DEFAULT_GROUPS = 50;
const DEFAULT_EVENTS = 1000;

/** The CloudWatch Logs calls the range answers, over its log groups. */
export function createLogsOperations(...groups: readonly LogGroup[]): Operations {
  const groupIn = (region: string, name: string): LogGroup => {
    const found = groups.find((group) => group.region === region && group.group === name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return found;
  };

  return {
    ...createMetricFilterOperations((call, name) => groupIn(call.region, name)),

    DescribeLogGroups: operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse>({
      kind: 'read',
      access: (_input, call) => ({ resources: [`arn:aws:logs:${call.region}:${call.account.id}:log-group::log-stream:*`] }),
      run: ({ logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '', ...paged }, call) => {
        const isThere = (log: LogGroup): boolean => call.region === log.region && log.group.startsWith(prefix) && log.group.includes(part);
        const found = groups.filter(isThere).map((log) => {
          const arn = arnOf(call, log.group);
          return { logGroupName: log.group, logGroupArn: arn, arn: `${arn}:*`, creationTime: log.since, storedBytes: 0 };
        });
        const { page, paging } = pageOf(found, { Marker: paged.nextToken, MaxItems: paged.limit ?? DEFAULT_GROUPS });
        return { logGroups: page, ...(paging.Marker === undefined ? {} : { nextToken: paging.Marker }) };
      },
    }),

    FilterLogEvents: operation<FilterLogEventsRequest, FilterLogEventsResponse>({
      kind: 'read',
      access: onGroup,
      run: (input, call) => {
        const log = groupIn(call.region, groupOf(input));
        const matches = readFilterPattern(input.filterPattern ?? '');
        const { startTime = 0, endTime = call.at } = input;
        const found = log
          .lines(call.at)
          .filter(({ at, message }) => at >= startTime && at <= endTime && matches(message))
          .map(({ at, message, id }): FilteredLogEvent => ({
            logStreamName: 'deploy',
            timestamp: at,
            ingestionTime: at,
            message,
            eventId: id,
          }));
        const { page, paging } = pageOf(found, {
          Marker: input.nextToken,
          MaxItems: Math.min(input.limit ?? DEFAULT_EVENTS, DEFAULT_EVENTS),
        });
        return { events: page, searchedLogStreams: [], ...(paging.Marker === undefined ? {} : { nextToken: paging.Marker }) };
      },
    }),
  };
}

function arnOf({ account, region }: Call, group: string): string {
  return `arn:aws:logs:${region}:${account.id}:log-group:${group}`;
}

function onGroup(input: FilterLogEventsRequest, call: Call): Access {
  return { resources: [`${arnOf(call, groupOf(input))}:*`] };
}

/** A group is named by its name or by its ARN. */
function groupOf({ logGroupName: name, logGroupIdentifier: identifier = '' }: FilterLogEventsRequest): string {
  return name ?? identifier.split(':log-group:').at(-1)?.replace(/:\*$/, '') ?? '';
}
