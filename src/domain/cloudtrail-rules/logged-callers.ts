import type { PrincipalKindHint } from '../../contracts/alert.js';
import { type CheckedHints, checkHints } from '../alerts/grammar.js';
import { type CloudTrailRecord, eventMs, parseRecord } from '../cloudtrail/record.js';
import { networkOf } from './address.js';
import { recordedCaller } from './caller.js';
import { isFailedSignIn } from './signs.js';

/** Somebody whose calls stand in log lines. */
export interface LoggedCaller {
  readonly key: string;
  readonly kind: PrincipalKindHint;
  readonly checked: CheckedHints;
  readonly count: number;
  /** Of the last call. */
  readonly remoteIp: string | undefined;
  readonly firstAt: string;
  readonly allRefused: boolean;
}

/** Who made the calls in log lines of CloudTrail, each once, most calls first. Other lines and calls of AWS itself are left out. */
export function loggedCallers(messages: readonly string[]): LoggedCaller[] {
  const groups = new Map<string, CloudTrailRecord[]>();
  for (const record of messages.flatMap((message) => parseRecord(message) ?? [])) {
    const key = keyOf(record);
    if (key === undefined) continue;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups].map(([key, records]) => callerOf(key, records)).toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

/** The principal where the record tells it; its key only where it does not. */
function keyOf(record: CloudTrailRecord): string | undefined {
  const { type, kind, hints } = recordedCaller(record.userIdentity);
  if (type === 'AWSService') return undefined;
  if (kind === 'root') return `root/${hints.account ?? ''}`;
  const key = hints.principalId ?? hints.arn ?? hints.userName ?? hints.accessKeyId;
  return key?.slice(0, 512);
}

function callerOf(key: string, records: readonly CloudTrailRecord[]): LoggedCaller {
  const ordered = records.toSorted((a, b) => eventMs(a) - eventMs(b));
  const [first] = ordered;
  const last = ordered.at(-1);
  const { kind, hints } = recordedCaller(last?.userIdentity);
  const remoteIp = last?.sourceIPAddress;
  return {
    key,
    kind,
    checked: checkHints(hints),
    count: records.length,
    remoteIp: remoteIp !== undefined && networkOf(remoteIp) !== undefined ? remoteIp : undefined,
    firstAt: new Date(first === undefined ? 0 : eventMs(first)).toISOString(),
    allRefused: records.every((record) => record.errorCode !== undefined || isFailedSignIn(record)),
  };
}
