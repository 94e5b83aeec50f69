import type { Event, LookupAttribute, LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.js';
import { lookupUserName } from './user-identity.js';
import { type Attribute, isAttribute } from './attributes.js';
import type { Recorder, StoredEvent } from './recorder.js';

/** Largest and default page of LookupEvents (CloudTrail quotas). */
const LARGEST_PAGE = 50;

/** Event history reaches back this far. */
const HISTORY_MS = 90 * 24 * 3_600_000;

/** Answers one LookupEvents page from the delivered events of one region, newest first. */
export function lookupEvents(
  recorder: Pick<Recorder, 'delivered'>,
  { input, now, region }: { input: LookupEventsRequest; now: number; region: string },
): LookupEventsResponse {
  const size = pageSize(input.MaxResults);
  const attribute = attributeOf(input.LookupAttributes ?? []);
  const from = input.StartTime?.getTime() ?? now - HISTORY_MS;
  const until = input.EndTime?.getTime() ?? now;
  if (from > until) throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.');
  if (input.EventCategory === 'insight') return { Events: [] };

  const found = recorder.delivered(now, attribute).filter((event) => event.record.awsRegion === region && isWithin(event, { from, until }));
  const ordered = found.toReversed().toSorted((left, right) => wholeSecond(right) - wholeSecond(left));

  const start = input.NextToken === undefined ? 0 : positionAfter(ordered, readToken(input));
  const page = ordered.slice(start, start + size);
  const last = page.at(-1);
  const hasMore = start + size < ordered.length;
  return { Events: page.map(toEvent), ...(hasMore && last !== undefined ? { NextToken: writeToken(input, last.record.eventID) } : {}) };
}

/** Event times are whole seconds. */
function wholeSecond({ at }: StoredEvent): number {
  return Math.floor(at / 1000) * 1000;
}

function isWithin(event: StoredEvent, { from, until }: { from: number; until: number }): boolean {
  const time = wholeSecond(event);
  // A limit inside a second includes that second.
  return time >= Math.floor(from / 1000) * 1000 && time <= until;
}

function pageSize(wanted: number = LARGEST_PAGE): number {
  if (wanted < 1 || wanted > LARGEST_PAGE)
    throw new AwsError(
      'InvalidMaxResultsException',
      `A MaxResults value of ${wanted} is invalid. Specify an integer between 1 and ${LARGEST_PAGE}.`,
    );
  return wanted;
}

function attributeOf(attributes: readonly LookupAttribute[]): Attribute | undefined {
  if (attributes.length > 1) throw new AwsError('InvalidLookupAttributesException', 'You can specify only one lookup attribute.');
  const [attribute] = attributes;
  if (attribute === undefined) return undefined;
  const { AttributeKey: key = '', AttributeValue: value = '' } = attribute;
  if (!isAttribute(key) || value === '')
    throw new AwsError('InvalidLookupAttributesException', `The lookup attribute ${key} is not valid.`);
  return { key, value };
}

function toEvent(event: StoredEvent): Event {
  const { record, resources } = event;
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    AccessKeyId: record.userIdentity.accessKeyId,
    EventTime: new Date(wholeSecond(event)),
    EventSource: record.eventSource,
    Username: lookupUserName(record.userIdentity),
    Resources: [...resources],
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** A token remembers the last event of its page and a fingerprint of the parameters it belongs to. */
function writeToken(input: LookupEventsRequest, eventId: string): string {
  return Buffer.from(`${fingerprint(input)}:${eventId}`).toString('base64');
}

function readToken(input: LookupEventsRequest): string {
  const [belongsTo, eventId] = Buffer.from(input.NextToken ?? '', 'base64')
    .toString('utf8')
    .split(':');
  if (belongsTo !== fingerprint(input) || eventId === undefined) throw invalidToken();
  return eventId;
}

/** Events delivered meanwhile do not shift a page, because it continues behind a named event. */
function positionAfter(ordered: readonly StoredEvent[], eventId: string): number {
  const position = ordered.findIndex(({ record }) => record.eventID === eventId);
  if (position < 0) throw invalidToken();
  return position + 1;
}

function fingerprint({ LookupAttributes, StartTime, EndTime, EventCategory, MaxResults }: LookupEventsRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([LookupAttributes, StartTime, EndTime, EventCategory, MaxResults]))
    .digest('hex')
    .slice(0, 16);
}

function invalidToken(): AwsError {
  return new AwsError('InvalidNextTokenException', 'The NextToken is not valid for these parameters.');
}
