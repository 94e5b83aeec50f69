import {
  type CloudWatchLogsClient,
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
  type MetricFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AlarmWindow } from '../../src/contracts/alert.js';

type Client = Pick<CloudWatchLogsClient, 'send'>;

/** A metric is fed by one filter, seldom by several. */
const MAX_FILTERS = 10;
const MAX_LINES = 2_000;
/** FilterLogEvents may answer with empty pages and a token. */
const MAX_PAGES = 20;
/** AWS's own metrics: no metric filter may write there (CloudWatch Logs API, MetricTransformation). */
const OF_AWS = 'AWS/';

/**
 * The log lines that an alarm's metric filters counted in its window, newest runs last. What was cut or cannot exist is in `notes`.
 * Needs `logs:DescribeMetricFilters`, `logs:FilterLogEvents`.
 */
export async function readAlarmLines(client: Client, alarm: AlarmWindow): Promise<{ messages: string[]; notes: string[] }> {
  const notes: string[] = [];
  const filters: MetricFilter[] = [];
  for (const { namespace, name } of alarm.metrics) {
    if (namespace.startsWith(OF_AWS)) notes.push(`${namespace} ${name} is a metric of AWS, without log lines`);
    else filters.push(...(await filtersOf(client, { metricNamespace: namespace, metricName: name })));
  }
  if (filters.length === 0) notes.push('no metric filter feeds the alarm');
  const messages: string[] = [];
  for (const { logGroupName, filterPattern } of filters.slice(0, MAX_FILTERS)) {
    if (logGroupName === undefined) continue;
    const lines = await linesOf(client, { logGroupName, filterPattern: filterPattern ?? '' }, alarm);
    messages.push(...lines.messages);
    if (lines.cut) notes.push(`${logGroupName}: more than ${MAX_LINES} lines, the rest was not read`);
  }
  return { messages, notes };
}

async function filtersOf(client: Client, metric: { metricNamespace: string; metricName: string }): Promise<MetricFilter[]> {
  const filters: MetricFilter[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new DescribeMetricFiltersCommand({ ...metric, ...(nextToken === undefined ? {} : { nextToken }) }));
    filters.push(...(page.metricFilters ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && filters.length < MAX_FILTERS);
  return filters;
}

async function linesOf(
  client: Client,
  filter: { logGroupName: string; filterPattern: string },
  { fromAt, toAt }: AlarmWindow,
): Promise<{ messages: string[]; cut: boolean }> {
  const request = { ...filter, startTime: Date.parse(fromAt), endTime: Date.parse(toAt), limit: 1_000 };
  const messages: string[] = [];
  let nextToken: string | undefined;
  let pages = 0;
  do {
    const page = await client.send(new FilterLogEventsCommand({ ...request, ...(nextToken === undefined ? {} : { nextToken }) }));
    messages.push(...(page.events ?? []).flatMap(({ message }) => message ?? []));
    nextToken = page.nextToken;
    pages += 1;
  } while (nextToken !== undefined && messages.length < MAX_LINES && pages < MAX_PAGES);
  return { messages: messages.slice(0, MAX_LINES), cut: nextToken !== undefined || messages.length > MAX_LINES };
}
