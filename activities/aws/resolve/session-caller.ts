import type { EventHistory } from '../../../src/ports/event-history.js';
import { nameOf } from '../../../src/domain/principals/arn.js';
import type { Named } from './resolve-named.js';

/** The longest session there is lives 36 hours (STS API reference, GetSessionToken). */
const LOOK_BACK_MS = 36 * 3_600_000;

/** Whose session a temporary key is, by the first call it made. Undefined while CloudTrail shows none. Needs `cloudtrail:LookupEvents`. */
export async function callerOfSession(
  history: EventHistory,
  { account, accessKeyId, nowMs }: { account: string; accessKeyId: string; nowMs: number },
): Promise<Named | undefined> {
  for (const region of history.regions) {
    const { records } = await history.lookup({
      account,
      region,
      attribute: 'AccessKeyId',
      value: accessKeyId,
      fromMs: nowMs - LOOK_BACK_MS,
      toMs: nowMs,
      maxPages: 1,
    });
    const identity = records[0]?.userIdentity;
    if (identity === undefined) continue;
    const issuer = identity.sessionContext?.sessionIssuer?.arn;
    if (identity.type === 'Root') return { kind: 'root' };
    if (identity.type === 'IAMUser' && identity.userName !== undefined) return { kind: 'user', name: identity.userName };
    if (identity.type === 'FederatedUser' && issuer !== undefined) return { kind: 'user', name: nameOf(issuer) };
    const [uniqueId, session] = identity.principalId?.split(':') ?? [];
    if (identity.type === 'AssumedRole' && issuer !== undefined)
      return {
        kind: 'role',
        name: nameOf(issuer),
        ...(uniqueId === undefined ? {} : { uniqueId }),
        ...(session === undefined ? {} : { session }),
      };
  }
  return undefined;
}
