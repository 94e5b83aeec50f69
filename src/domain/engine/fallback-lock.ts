import type { Alert } from '../../contracts/alert.js';

const HASH_CHARACTERS = 16;

/**
 * The lock of an alert when the resolving activity could not answer in time: the key where the alert names one,
 * else the alert itself. String work only; every other lock is made in ingest and `resolvePrincipal` (design 4).
 */
export function fallbackLock(alert: Alert): string {
  const key = alert.hints.accessKeyId;
  if (key !== undefined && /^A[KS]IA[A-Z0-9]{12,28}$/.test(key)) return `incident/${alert.account ?? 'unknown'}/key/${key}`;
  return `incident/alert/${alert.source}/${alert.bodySha256.slice(0, HASH_CHARACTERS)}`;
}
