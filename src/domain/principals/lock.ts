import { createHash } from 'node:crypto';
import type { PrincipalKind } from '../../contracts/principal.js';

/** Temporal takes ids up to 1,000 bytes; we stay far below so that prefixes still fit (design 4). */
const MAX_LOCK_LENGTH = 200;

/**
 * `incident/<account>/<kind>/<name>`: lower-cased, because IAM names differ in more than case only by error. A person of Identity Center
 * is the same one in every account: `incident/idc/<user id>`.
 */
export function principalLock(principal: { account: string; kind: PrincipalKind; name: string }): string {
  if (principal.kind === 'identityCenterUser') return bounded(`incident/idc/${principal.name}`);
  return bounded(`incident/${principal.account}/${principal.kind}/${principal.name.toLowerCase()}`);
}

/** While the owner of a key is unknown. */
export function keyLock(key: { account: string | undefined; accessKeyId: string }): string {
  return bounded(`incident/${key.account ?? 'unknown'}/key/${key.accessKeyId}`);
}

/** When nothing could be resolved. */
export function alertLock(alert: { source: string; alertId: string }): string {
  return `incident/alert/${alert.source}/${hash(alert.alertId).slice(0, 32)}`;
}

function bounded(lock: string): string {
  return lock.length <= MAX_LOCK_LENGTH ? lock : `incident/hash/${hash(lock)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
