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
import type { WorkloadLog } from './workload-log.js';

/** Page sizes of DescribeLogGroups and FilterLogEvents (CloudWatch Logs API reference; the range's own pages end at 1,000). */
const DEFAULT_GROUPS = 50;
const DEFAULT_EVENTS = 1000;

/** The CloudWatch Logs calls the range answers, over one log group in one region. */
export function createLogsOperations(log: WorkloadLog): Operations {
  return {
    DescribeLogGroups: operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse>({
      kind: 'read',
      access: (_input, call) => ({ resources: [`arn:aws:logs:${call.region}:${call.account.id}:log-group::log-stream:*`] }),
      run: ({ logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '', ...paged }, call) => {
        const isThere = call.region === log.region && log.group.startsWith(prefix) && log.group.includes(part);
        const arn = arnOf(call, log.group);
        const group = { logGroupName: log.group, logGroupArn: arn, arn: `${arn}:*`, creationTime: log.since, storedBytes: 0 };
        const { page, paging } = pageOf(isThere ? [group] : [], { Marker: paged.nextToken, MaxItems: paged.limit ?? DEFAULT_GROUPS });
        return { logGroups: page, ...(paging.Marker === undefined ? {} : { nextToken: paging.Marker }) };
      },
    }),

    FilterLogEvents: operation<FilterLogEventsRequest, FilterLogEventsResponse>({
      kind: 'read',
      access: onGroup,
      run: (input, call) => {
        if (call.region !== log.region || groupOf(input) !== log.group)
          throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
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
