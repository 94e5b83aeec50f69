import { canonicalJson } from '../canonical-json.js';
import type { LogRecord } from './log-record.js';
import { mintedKeyOf } from './minted.js';
import { append } from './values.js';

/** The records, found by what lineage asks for. Lists are in order of time and id. */
export interface LogIndex {
  readonly records: readonly LogRecord[];
  readonly byKey: ReadonlyMap<string, readonly LogRecord[]>;
  /** By the ARN of the caller and by the ARN of the role or user behind its session. */
  readonly byPrincipal: ReadonlyMap<string, readonly LogRecord[]>;
  /** By `AROA…:name`. */
  readonly bySession: ReadonlyMap<string, readonly LogRecord[]>;
  /** By the name behind the colon: instance id, function name. */
  readonly bySessionName: ReadonlyMap<string, readonly LogRecord[]>;
  readonly byName: ReadonlyMap<string, readonly LogRecord[]>;
  readonly byShared: ReadonlyMap<string, readonly LogRecord[]>;
  /** ARN of a user seen calling, by `account/name`: it tells the path that a bare name does not. */
  readonly userArns: ReadonlyMap<string, string>;
  /** The record that issued a key. */
  readonly mintOf: ReadonlyMap<string, LogRecord>;
}

/** Builds the indexes once; 200,000 records take under a second. */
export function indexLog(unordered: Iterable<LogRecord>): LogIndex {
  const records = [...unordered].toSorted(byTimeAndId);
  const maps = {
    byKey: new Map<string, LogRecord[]>(),
    byPrincipal: new Map<string, LogRecord[]>(),
    bySession: new Map<string, LogRecord[]>(),
    bySessionName: new Map<string, LogRecord[]>(),
    byName: new Map<string, LogRecord[]>(),
    byShared: new Map<string, LogRecord[]>(),
  };
  const mintOf = new Map<string, LogRecord>();
  const userArns = new Map<string, string>();
  for (const record of records) {
    const { actor } = record;
    if (actor.type === 'IAMUser' && actor.arn !== undefined) userArns.set(`${actor.account}/${actor.userName}`, actor.arn);
    append(maps.byKey, actor.key, record);
    append(maps.byPrincipal, actor.arn, record);
    if (actor.issuerArn !== actor.arn) append(maps.byPrincipal, actor.issuerArn, record);
    append(maps.bySession, actor.principalId, record);
    append(maps.bySessionName, actor.principalId?.split(':')[1], record);
    append(maps.byName, record.name, record);
    append(maps.byShared, record.shared, record);
    const minted = mintedKeyOf(record);
    // Of a cross-account pair the caller's own record tells who called.
    if (minted !== undefined && mintOf.get(minted)?.actor.key === undefined) mintOf.set(minted, record);
  }
  return { records, ...maps, userArns, mintOf };
}

/** Of two versions of one event: the correction, else the smaller text, so that the order of reading does not matter. */
export function betterVersion(a: LogRecord, b: LogRecord): LogRecord {
  if (a.isCorrection !== b.isCorrection) return a.isCorrection ? a : b;
  return canonicalJson(a) <= canonicalJson(b) ? a : b;
}

function byTimeAndId(a: LogRecord, b: LogRecord): number {
  if (a.at !== b.at) return a.at - b.at;
  return a.id < b.id ? -1 : 1;
}
