import type {
  DescribeFlowLogsRequest,
  DescribeFlowLogsResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../aws-error.js';
import { pageOf } from '../iam/paging.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { fitsFilters, instancesNamed } from './find-instances.js';
import type { Instances } from './instances.js';
import { describeRecord } from './records.js';
import { refuseDryRun } from './refuse-dry-run.js';
import { DEFAULT_REGIONS } from './regions.js';
import { instanceShape } from './shapes.js';

/** What EC2 lets one look at. */
export function createDescribeOperations(instances: Instances): Operations {
  return {
    DescribeInstances: operation<DescribeInstancesRequest, DescribeInstancesResult>({
      kind: 'read',
      access: onEverything,
      run: (input, call) => {
        refuseDryRun(input);
        const { InstanceIds: ids = [], Filters: filters = [] } = input;
        const named = ids.length === 0 ? instances.inRegion(call.region) : instancesNamed(instances, call, ids);
        const found = named.filter((instance) => fitsFilters(instance, filters));
        const { page, paging } = pageOf(found, { Marker: input.NextToken, MaxItems: input.MaxResults });
        const Reservations = page.map((instance) => ({
          ReservationId: instance.reservationId,
          OwnerId: call.account.id,
          Instances: [instanceShape(instance)],
        }));
        return { Reservations, ...(paging.Marker === undefined ? {} : { NextToken: paging.Marker }) };
      },
      recordAs: ({ InstanceIds: ids = [] }) => describeRecord(ids),
    }),

    DescribeFlowLogs: operation<DescribeFlowLogsRequest, DescribeFlowLogsResult>({
      kind: 'read',
      access: onEverything,
      // None: that network traffic was not recorded is itself a finding (aws-domain 7).
      run: () => ({ FlowLogs: [] }),
    }),

    DescribeRegions: operation<DescribeRegionsRequest, DescribeRegionsResult>({
      kind: 'read',
      access: onEverything,
      run: ({ RegionNames: names }) => {
        const unknown = names?.find((name) => !DEFAULT_REGIONS.some((region) => region === name));
        if (unknown !== undefined) throw new AwsError('InvalidParameterValue', `Invalid region: '${unknown}'`);
        const wanted = DEFAULT_REGIONS.filter((region) => names === undefined || names.includes(region));
        return {
          Regions: wanted.map((RegionName) => ({
            RegionName,
            Endpoint: `ec2.${RegionName}.amazonaws.com`,
            OptInStatus: 'opt-in-not-required',
          })),
        };
      },
    }),
  };
}

function onEverything(): Access {
  return { resources: ['*'] };
}
