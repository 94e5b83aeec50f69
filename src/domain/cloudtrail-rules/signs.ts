import type { UnusualCall } from '../../contracts/detection.js';
import { type CloudTrailRecord, eventMs } from '../cloudtrail/record.js';
import { networkOf } from './address.js';

const HOUR_MS = 3_600_000;

/** A call, and what its principal did before it. */
export interface CallInHistory {
  readonly atMs: number;
  readonly region: string | undefined;
  readonly remoteIp: string | undefined;
  /** Events of the principal in any order; later ones than the call are left out. */
  readonly records: readonly CloudTrailRecord[];
  /** How many hours before the last ones the records cover: a busy principal's past is cut. */
  readonly earlierHours: number;
  /** False: some of its past was not read, so a network may be known though it is not in `records`. */
  readonly complete: boolean;
}

/**
 * What is unusual about a call, one line each: a network the principal was not seen in, failed sign-ins, a burst of calls, a
 * region the business is not in. Empty: it looks like the principal's own past.
 */
export function signsOf(call: CallInHistory, rules: UnusualCall): string[] {
  const before = call.records.filter((record) => eventMs(record) <= call.atMs);
  return [
    newNetwork({ ...call, records: before }, rules),
    failedSignIns(before, call.atMs, rules),
    burst({ ...call, records: before }, rules),
    farRegion(call, rules),
  ].filter((sign) => sign !== undefined);
}

/** A sign-in that AWS refused: it has no error code of its own (CloudTrail user guide, "console sign-in events"). */
export function isFailedSignIn({ eventName, responseElements, errorMessage }: CloudTrailRecord): boolean {
  if (eventName !== 'ConsoleLogin') return false;
  return responseElements?.['ConsoleLogin'] === 'Failure' || errorMessage === 'Failed authentication';
}

/** Compared with what came before the last hours: an intruder's own calls must not make his address known. */
function newNetwork({ records, atMs, remoteIp, complete }: CallInHistory, { recentHours }: UnusualCall): string | undefined {
  const network = remoteIp === undefined ? undefined : networkOf(remoteIp);
  if (network === undefined || !complete) return undefined;
  const earlier = records.filter((record) => eventMs(record) < atMs - recentHours * HOUR_MS && record.errorCode === undefined);
  const known = new Set(earlier.filter((record) => !isFailedSignIn(record)).map(({ sourceIPAddress }) => networkOf(sourceIPAddress)));
  known.delete(undefined);
  if (known.size === 0) return `no call before the last ${recentHours} h to compare ${network} with`;
  return known.has(network) ? undefined : `${network} is new: ${known.size} other networks were seen before the last ${recentHours} h`;
}

function failedSignIns(records: readonly CloudTrailRecord[], atMs: number, rules: UnusualCall): string | undefined {
  const failed = records.filter((record) => isFailedSignIn(record) && eventMs(record) >= atMs - rules.recentHours * HOUR_MS).length;
  return failed < rules.failedSignIns ? undefined : `${failed} failed sign-ins in the last ${rules.recentHours} h`;
}

function burst({ records, atMs, earlierHours }: CallInHistory, rules: UnusualCall): string | undefined {
  const lastHour = records.filter((record) => eventMs(record) > atMs - HOUR_MS).length;
  const earlier = records.filter((record) => eventMs(record) < atMs - rules.recentHours * HOUR_MS).length;
  const usual = earlierHours > 0 ? earlier / earlierHours : 0;
  if (lastHour < rules.callsPerHour || lastHour < usual * rules.rateFactor) return undefined;
  return `${lastHour} calls in the last hour, ${usual.toFixed(1)} an hour before`;
}

function farRegion({ region }: CallInHistory, { businessRegions }: UnusualCall): string | undefined {
  if (region === undefined || businessRegions.length === 0 || businessRegions.includes(region)) return undefined;
  // Global services write their events there, whoever calls from wherever.
  return region === 'us-east-1' ? undefined : `region ${region} is none of the business`;
}
