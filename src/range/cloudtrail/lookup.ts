import type { Event, LookupAttribute, LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.js';
import { lookupUserName } from './user-identity.js';
import type { StoredEvent } from './recorder.js';

/** Largest and default page of LookupEvents (CloudTrail quotas). */
const LARGEST_PAGE = 50;

/** Event history reaches back this far. */
const HISTORY_MS = 90 * 24 * 3_600_000;

type Matches = (event: StoredEvent, value: string) => boolean;

/** The eight attributes one can look up by. */
const ATTRIBUTES: Readonly<Record<string, Matches>> = {
  AccessKeyId: ({ record }, value) => record.userIdentity.accessKeyId === value,
  EventId: ({ record }, value) => record.eventID === value,
  EventName: ({ record }, value) => record.eventName === value,
  EventSource: ({ record }, value) => record.eventSource === value,
  ReadOnly: ({ record }, value) => String(record.readOnly) === value,
  ResourceName: ({ resources }, value) => resources.some((resource) => resource.ResourceName === value),
  ResourceType: ({ resources }, value) => resources.some((resource) => resource.ResourceType === value),
  Username: ({ record }, value) => lookupUserName(record.userIdentity) === value,
};

/** Answers one LookupEvents page from the delivered events of one region, newest first. */
export function lookupEvents(
  delivered: readonly StoredEvent[],
  { input, now }: { input: LookupEventsRequest; now: number },
): LookupEventsResponse {
  const size = pageSize(input.MaxResults);
  const filter = filterOf(input.LookupAttributes ?? []);
  const from = input.StartTime?.getTime() ?? now - HISTORY_MS;
  const until = input.EndTime?.getTime() ?? now;
  if (from > until) throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.');
  if (input.EventCategory === 'insight') return { Events: [] };

  const found = delivered
    .map((event, order) => ({ event, order }))
    .filter(({ event }) => isWithin(event, { from, until }) && filter(event));
  found.sort(
    (left, right) => Date.parse(right.event.record.eventTime) - Date.parse(left.event.record.eventTime) || right.order - left.order,
  );
  const ordered = found.map(({ event }) => event);

  const start = input.NextToken === undefined ? 0 : positionAfter(ordered, readToken(input));
  const page = ordered.slice(start, start + size);
  const last = page.at(-1);
  const hasMore = start + size < ordered.length;
  return { Events: page.map(toEvent), ...(hasMore && last !== undefined ? { NextToken: writeToken(input, last.record.eventID) } : {}) };
}

function isWithin({ record }: StoredEvent, { from, until }: { from: number; until: number }): boolean {
  const time = Date.parse(record.eventTime);
  // Event times are whole seconds, so a limit inside a second includes that second.
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

function filterOf(attributes: readonly LookupAttribute[]): (event: StoredEvent) => boolean {
  if (attributes.length > 1) throw new AwsError('InvalidLookupAttributesException', 'You can specify only one lookup attribute.');
  const [attribute] = attributes;
  if (attribute === undefined) return () => true;
  const { AttributeKey: key = '', AttributeValue: value = '' } = attribute;
  const matches = ATTRIBUTES[key];
  if (matches === undefined || value === '')
    throw new AwsError('InvalidLookupAttributesException', `The lookup attribute ${key} is not valid.`);
  return (event) => matches(event, value);
}

function toEvent({ record, resources, at }: StoredEvent): Event {
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    AccessKeyId: record.userIdentity.accessKeyId,
    EventTime: new Date(Math.floor(at / 1000) * 1000),
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
