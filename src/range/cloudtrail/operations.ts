import type {
  DescribeTrailsRequest,
  DescribeTrailsResponse,
  GetTrailStatusRequest,
  GetTrailStatusResponse,
  ListTrailsResponse,
  LookupEventsRequest,
  LookupEventsResponse,
} from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../aws-error.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { lookupEvents } from './lookup.js';
import type { Recorder } from './recorder.js';

/** LookupEvents is limited to this many calls per second, account and region; it cannot be raised (CloudTrail quotas). */
export const LOOKUPS_PER_SECOND = 2;

/** The CloudTrail calls the range answers. */
export function createCloudTrailOperations(recorder: Recorder): Operations {
  return {
    LookupEvents: operation<LookupEventsRequest, LookupEventsResponse>({
      kind: 'read',
      access: () => ({ resources: ['*'] }),
      run: (input, call) => lookupEvents(recorder, { input, now: call.at, region: call.region }),
    }),
    DescribeTrails: operation<DescribeTrailsRequest, DescribeTrailsResponse>({
      kind: 'read',
      access: () => ({ resources: ['*'] }),
      // No trail: the account has CloudTrail's event history only, which nobody can switch off.
      run: () => ({ trailList: [] }),
    }),
    ListTrails: operation<object, ListTrailsResponse>({
      kind: 'read',
      access: () => ({ resources: ['*'] }),
      run: () => ({ Trails: [] }),
    }),
    GetTrailStatus: operation<GetTrailStatusRequest, GetTrailStatusResponse>({
      kind: 'read',
      access: (input, call) => ({ resources: [trailArn(call, input.Name)] }),
      run: (input, call) => {
        throw new AwsError('TrailNotFoundException', `Unknown trail: ${trailArn(call, input.Name)} for the user: ${call.account.id}`);
      },
    }),
  };
}

function trailArn({ region, account }: Call, name = ''): string {
  return name.startsWith('arn:') ? name : `arn:aws:cloudtrail:${region}:${account.id}:trail/${name}`;
}

/** Refuses what goes over a rate. */
export interface RateLimit {
  /** @throws AwsError ThrottlingException */
  take(key: string, at: number): void;
}

/** A sliding window of one second. A refused call does not count, as with AWS's token buckets. */
export function createRateLimit(perSecond: number): RateLimit {
  const taken = new Map<string, number[]>();
  return {
    take: (key, at) => {
      const recent = (taken.get(key) ?? []).filter((time) => time > at - 1000);
      if (recent.length >= perSecond) throw new AwsError('ThrottlingException', 'Rate exceeded');
      taken.set(key, [...recent, at]);
    },
  };
}
