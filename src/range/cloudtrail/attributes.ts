import type { CloudTrailRecord } from './record.js';
import type { EventResource } from './resources.js';
import { lookupUserName } from './user-identity.js';

type Shown = { readonly record: CloudTrailRecord; readonly resources: readonly EventResource[] };

/** The eight attributes one can look up by, and what an event has of each. */
const VALUES = {
  AccessKeyId: ({ record }) => [record.userIdentity.accessKeyId],
  EventId: ({ record }) => [record.eventID],
  EventName: ({ record }) => [record.eventName],
  EventSource: ({ record }) => [record.eventSource],
  ReadOnly: ({ record }) => [String(record.readOnly)],
  ResourceName: ({ resources }) => resources.map(({ ResourceName }) => ResourceName),
  ResourceType: ({ resources }) => resources.map(({ ResourceType }) => ResourceType),
  Username: ({ record }) => [lookupUserName(record.userIdentity)],
} satisfies Record<string, (event: Shown) => readonly (string | undefined)[]>;

type AttributeKey = keyof typeof VALUES;

/** What is looked up. */
export type Attribute = { readonly key: AttributeKey; readonly value: string };

/** Can one look up by it? */
export function isAttribute(key: string): key is AttributeKey {
  return Object.hasOwn(VALUES, key);
}

/** Every attribute of an event, once each. */
export function attributesOf(event: Shown): Attribute[] {
  const keys = Object.keys(VALUES).filter(isAttribute);
  return keys.flatMap((key) => [...new Set(VALUES[key](event))].flatMap((value) => (value === undefined ? [] : [{ key, value }])));
}
