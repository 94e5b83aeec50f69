import type { Random, Seconds } from '../random/random.js';
import { type Attribute, attributesOf } from './attributes.js';
import type { CloudTrailRecord } from './record.js';
import type { EventResource } from './resources.js';

/** A record with what LookupEvents shows beside it and when it becomes visible. */
export type StoredEvent = {
  readonly record: CloudTrailRecord;
  readonly resources: readonly EventResource[];
  /** Exact time; the record itself has whole seconds. */
  readonly at: number;
  /** From here on LookupEvents returns it; undefined when a fault lost the record. */
  readonly deliveredAt: number | undefined;
};

/** What a fault does to the delivery of one record. */
export type Delivery = { readonly kind: 'normal' } | { readonly kind: 'lost' } | { readonly kind: 'late'; readonly seconds: number };

/** Keeps every record, delivered or not. */
export interface Recorder {
  add(event: Pick<StoredEvent, 'record' | 'resources' | 'at'>, delivery?: Delivery): void;
  /** Ground truth, oldest first. */
  all(): readonly StoredEvent[];
  /** What has been delivered by a time, oldest first; of an attribute where one is given. */
  delivered(at: number, attribute?: Attribute): readonly StoredEvent[];
}

/** What a recorder depends on. */
export interface RecorderDeps {
  readonly random: Random;
  readonly delay: Seconds;
  /** Hears of every record, delivered or not: the ground truth over several accounts. */
  readonly onRecord?: (record: CloudTrailRecord) => void;
}

/** Makes an empty recorder; each record draws its own delivery delay, so records can overtake one another. */
export function createRecorder({ random, delay, onRecord }: RecorderDeps): Recorder {
  const events: StoredEvent[] = [];
  const byAttribute = new Map<string, StoredEvent[]>();

  const deliveryTime = (at: number, delivery: Delivery): number | undefined => {
    const drawn = at + random.millisecondsIn(delay);
    switch (delivery.kind) {
      case 'normal':
        return drawn;
      case 'late':
        return drawn + delivery.seconds * 1000;
      case 'lost':
        return undefined;
    }
  };

  return {
    add: (event, delivery = { kind: 'normal' }) => {
      const record: CloudTrailRecord =
        delivery.kind === 'late' ? { ...event.record, addendum: { reason: 'DELIVERY_DELAY' } } : event.record;
      const stored = { ...event, record, deliveredAt: deliveryTime(event.at, delivery) };
      events.push(stored);
      for (const attribute of attributesOf(stored)) append(byAttribute, keyOf(attribute), stored);
      onRecord?.(record);
    },
    all: () => events,
    delivered: (at, attribute) => {
      const candidates = attribute === undefined ? events : (byAttribute.get(keyOf(attribute)) ?? []);
      return candidates.filter(({ deliveredAt }) => deliveredAt !== undefined && deliveredAt <= at);
    },
  };
}

function keyOf({ key, value }: Attribute): string {
  return `${key} ${value}`;
}

function append(index: Map<string, StoredEvent[]>, key: string, event: StoredEvent): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [event]);
  else known.push(event);
}
