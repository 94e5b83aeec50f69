import { FilterLogEventsCommand, type FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { CollectTools, Params } from './collector.js';
import { readPages, type CallTrail } from './reading.js';

/** Lines of one log group are taken up to here; the file then says that it was cut. */
const MAX_LINES = 10_000;

/** Which lines of a log group are wanted. */
export type LineQuery = {
  readonly group: string;
  readonly region: string;
  readonly fromAt: string;
  readonly toAt: string;
  /** CloudWatch Logs filter pattern; all lines without one. */
  readonly pattern?: string;
};

/** The lines that a query finds, with the query as it stands in the manifest. Needs `logs:FilterLogEvents`. */
export async function readLines(
  { clients }: CollectTools,
  trail: CallTrail,
  { group, region, fromAt, toAt, pattern }: LineQuery,
): Promise<{ items: FilteredLogEvent[]; truncated: boolean; params: Params }> {
  const params = { logGroupName: group, fromAt, toAt, ...(pattern === undefined ? {} : { filterPattern: pattern }) };
  const request = {
    logGroupName: group,
    startTime: Date.parse(fromAt),
    endTime: Date.parse(toAt),
    ...(pattern === undefined ? {} : { filterPattern: pattern }),
  };
  const lines = await readPages<FilteredLogEvent>(
    async (nextToken) => {
      const page = await trail.send(() =>
        clients.logs(region).send(new FilterLogEventsCommand({ ...request, ...(nextToken === undefined ? {} : { nextToken }) })),
      );
      return { items: page.events ?? [], next: page.nextToken };
    },
    { maxItems: MAX_LINES },
  );
  return { ...lines, params };
}
