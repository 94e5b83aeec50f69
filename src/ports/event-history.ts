import type { CloudTrailRecord } from '../domain/cloudtrail/record.js';

/** One question to the account's event history. Times are epoch ms. */
export interface EventQuery {
  readonly account: string;
  readonly region: string;
  readonly attribute: 'Username' | 'AccessKeyId' | 'ResourceName' | 'EventId' | 'EventName';
  readonly value: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPages: number;
  /** LookupEvents is scarce: what a write waits for goes before what proves a containment, and that before what explains it. Default `proof`. */
  readonly priority?: 'write' | 'proof' | 'investigation';
  /** Called before each page; may throw to stop (cancellation, heartbeat). */
  readonly onPage?: (page: number) => void;
}

export interface EventAnswer {
  /** Newest first, each eventID once. */
  readonly records: CloudTrailRecord[];
  readonly pages: number;
  /** False when `maxPages` ended the reading. */
  readonly complete: boolean;
  /** AWS's ids of the requests, for the chain of custody. */
  readonly requestIds: readonly string[];
}

/** Where CloudTrail records are read from: LookupEvents, files, Athena (design 11). */
export interface EventHistory {
  /** Regions that are read, always with us-east-1, where IAM events are. */
  readonly regions: readonly string[];
  lookup(query: EventQuery): Promise<EventAnswer>;
}
