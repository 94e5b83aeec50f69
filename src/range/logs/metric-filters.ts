import type {
  DescribeMetricFiltersRequest,
  DescribeMetricFiltersResponse,
  MetricFilter,
  PutMetricFilterRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { pageOf } from '../iam/paging.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { readFilterPattern } from './filter-pattern.js';

/** Page size of DescribeMetricFilters (CloudWatch Logs API reference). */
const DEFAULT_FILTERS = 50;

/**
 * Metric filters by region. They count nothing: there are no metrics here, but an alarm's filter can be found and its pattern used.
 *
 * @param checkGroup throws where there is no such log group
 */
export function createMetricFilterOperations(checkGroup: (call: Call, group: string) => void): Operations {
  const filters: (MetricFilter & { readonly region: string })[] = [];
  return {
    PutMetricFilter: operation<PutMetricFilterRequest, object>({
      kind: 'write',
      access: ({ logGroupName = '' }, call) => ({ resources: [arnOf(call, logGroupName)] }),
      run: ({ logGroupName = '', filterName = '', filterPattern = '', metricTransformations = [] }, call) => {
        checkGroup(call, logGroupName);
        readFilterPattern(filterPattern);
        const same = filters.findIndex(
          (one) => one.region === call.region && one.logGroupName === logGroupName && one.filterName === filterName,
        );
        const filter = { region: call.region, logGroupName, filterName, filterPattern, metricTransformations, creationTime: call.at };
        if (same < 0) filters.push(filter);
        else filters.splice(same, 1, filter);
        return {};
      },
    }),

    DescribeMetricFilters: operation<DescribeMetricFiltersRequest, DescribeMetricFiltersResponse>({
      kind: 'read',
      access: ({ logGroupName = '' }, call) => ({ resources: [arnOf(call, logGroupName)] }),
      run: ({ logGroupName, filterNamePrefix = '', metricName, metricNamespace, nextToken, limit }, call) => {
        const isWanted = ({ metricTransformations = [] }: MetricFilter): boolean =>
          metricName === undefined ||
          metricTransformations.some((to) => to.metricName === metricName && to.metricNamespace === metricNamespace);
        const found = filters
          .filter((one) => one.region === call.region && (logGroupName === undefined || one.logGroupName === logGroupName))
          .filter((one) => one.filterName?.startsWith(filterNamePrefix) === true && isWanted(one))
          .map(({ region: _, ...filter }): MetricFilter => filter);
        const { page, paging } = pageOf(found, { Marker: nextToken, MaxItems: limit ?? DEFAULT_FILTERS });
        return { metricFilters: page, ...(paging.Marker === undefined ? {} : { nextToken: paging.Marker }) };
      },
    }),
  };
}

function arnOf({ account, region }: Call, group: string): string {
  return `arn:aws:logs:${region}:${account.id}:log-group:${group}:log-stream:*`;
}
