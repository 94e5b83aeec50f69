import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { type CloudTrailRecord, parseRecord } from '../../domain/cloudtrail/record.js';
import type { EventAnswer, EventHistory, EventQuery } from '../../ports/event-history.js';
import { createTurns } from './turns.js';

/** LookupEvents: 2 requests a second per account and region, a hard limit (CloudTrail quotas). A tenth of slack. */
const REQUEST_GAP_MS = 550;
const PAGE_SIZE = 50;

export interface LookupEventsDeps {
  readonly clientFor: (region: string, account: string) => Pick<CloudTrailClient, 'send'>;
  readonly regions: readonly string[];
  /** Waits between requests. @default the machine's clock */
  readonly delay?: (ms: number) => Promise<unknown>;
}

/**
 * CloudTrail event history through LookupEvents: management events of the last 90 days, no trail needed.
 * One request at a time per account and region, spaced to the service's limit; every caller of this
 * process shares the spacing. Needs `cloudtrail:LookupEvents`.
 */
export function createLookupEvents({ clientFor, regions, delay }: LookupEventsDeps): EventHistory {
  const turn = createTurns(REQUEST_GAP_MS, delay);

  async function lookup(query: EventQuery): Promise<EventAnswer> {
    const client = clientFor(query.region, query.account);
    const records = new Map<string, CloudTrailRecord>();
    const requestIds: string[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      query.onPage?.(pages);
      await turn(`${query.account}/${query.region}`, query.priority ?? 'proof');
      const answer = await client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: query.attribute, AttributeValue: query.value }],
          StartTime: new Date(query.fromMs),
          EndTime: new Date(query.toMs),
          MaxResults: PAGE_SIZE,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      pages += 1;
      if (answer.$metadata.requestId !== undefined) requestIds.push(answer.$metadata.requestId);
      for (const event of answer.Events ?? []) {
        const record = parseRecord(event.CloudTrailEvent ?? '');
        if (record) records.set(record.eventID, record);
      }
      token = answer.NextToken;
    } while (token !== undefined && pages < query.maxPages);
    return { records: [...records.values()], pages, complete: token === undefined, requestIds };
  }

  return { regions: [...new Set(['us-east-1', ...regions])], lookup };
}
