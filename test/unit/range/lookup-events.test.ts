import {
  LookupEventsCommand,
  type LookupAttribute,
  type LookupEventsCommandInput,
  type LookupEventsCommandOutput,
} from '@aws-sdk/client-cloudtrail';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf } from './clients.js';

let range: Range;
let clock: VirtualClock;
const byUser: LookupAttribute[] = [{ AttributeKey: 'Username', AttributeValue: 'ci-deploy' }];

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, cloudTrailDelaySeconds: { min: 0, max: 0 } });
});

const lookup = async (input: LookupEventsCommandInput): Promise<LookupEventsCommandOutput> => {
  await clock.advance(1000);
  return clientsFor(range, range.identities.responder).cloudtrail.send(new LookupEventsCommand(input));
};

describe('LookupEvents', () => {
  it('answers 2 calls a second and throttles the third, whoever calls', async () => {
    const { cloudtrail } = clientsFor(range, range.identities.responder);
    const other = clientsFor(range, range.identities.admin).cloudtrail;

    const ends = [
      await errorOf(cloudtrail.send(new LookupEventsCommand({}))),
      await errorOf(other.send(new LookupEventsCommand({}))),
      await errorOf(cloudtrail.send(new LookupEventsCommand({}))),
    ];
    await clock.advance(1000);

    expect(ends).toEqual(['no error', 'no error', 'ThrottlingException']);
    expect(await errorOf(cloudtrail.send(new LookupEventsCommand({})))).toBe('no error');
  });

  it('takes exactly one attribute and pages of 1 to 50', async () => {
    const two = [...byUser, { AttributeKey: 'EventName', AttributeValue: 'GetUser' } as const];

    expect(await errorOf(lookup({ LookupAttributes: two }))).toBe('InvalidLookupAttributesException');
    expect(await errorOf(lookup({ MaxResults: 51 }))).toBe('InvalidMaxResultsException');
    expect(await errorOf(lookup({ MaxResults: 0 }))).toBe('InvalidMaxResultsException');
    expect(await errorOf(lookup({ StartTime: new Date(clock.now()), EndTime: new Date(clock.now() - 60_000) }))).toBe(
      'InvalidTimeRangeException',
    );
  });

  it('pages through all 144 events of the user, newest first, none twice', async () => {
    const window = { StartTime: new Date(clock.now() - 25 * 3_600_000), EndTime: new Date(clock.now()) };
    const seen: { id: string; at: number }[] = [];
    let token: string | undefined;
    do {
      const page = await lookup({
        ...window,
        LookupAttributes: byUser,
        MaxResults: 50,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      seen.push(...(page.Events ?? []).map(({ EventId = '', EventTime }) => ({ id: EventId, at: EventTime?.getTime() ?? 0 })));
      token = page.NextToken;
    } while (token !== undefined);

    expect(seen.length).toBe(144);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(144);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((left, right) => right - left));
  });

  it('refuses a token with other parameters', async () => {
    const { NextToken } = await lookup({ LookupAttributes: byUser, MaxResults: 5 });

    const other = await errorOf(
      lookup({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'GetUser' }],
        MaxResults: 5,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );

    expect(other).toBe('InvalidNextTokenException');
  });

  it.each([
    ['AccessKeyId', (): string => range.identities.leaked.accessKeyId],
    ['EventName', (): string => 'AssumeRole'],
    ['EventSource', (): string => 'sts.amazonaws.com'],
    ['ReadOnly', (): string => 'true'],
    ['ResourceName', (): string => 'arn:aws:iam::111122223333:role/deploy-target'],
    ['ResourceType', (): string => 'AWS::IAM::AccessKey'],
    ['EventId', (): string => range.recorded()[0]?.eventID ?? ''],
  ] as const)('finds events by %s, with the whole record as JSON', async (AttributeKey, value) => {
    const { Events = [] } = await lookup({ LookupAttributes: [{ AttributeKey, AttributeValue: value() }], MaxResults: 3 });

    expect(Events.length).toBeGreaterThan(0);
    expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '{}')).toMatchObject({
      eventVersion: '1.09',
      eventID: Events[0]?.EventId,
      recipientAccountId: '111122223333',
      managementEvent: true,
    });
  });
});
