import type { Alert } from '../../contracts/alert.js';
import type { BlastRadius } from '../../contracts/plan.js';
import { legitimateUseLast24h } from '../cloudtrail/callers.js';
import type { PrincipalSnapshot } from './principal-snapshot.js';

/** Who else is hurt: known callers of the last 24 h, active keys, and what could not be read. */
export function blastRadiusOf(input: {
  snapshot: Pick<PrincipalSnapshot, 'keys'>;
  recent: { callers: BlastRadius['callers']; notRead: readonly string[] };
  alerts: readonly Alert[];
  nowMs: number;
}): BlastRadius {
  const { snapshot, recent, alerts, nowMs } = input;
  // Without an alert every caller counts as legitimate: better an approval too many.
  const suspiciousSinceMs = alerts.length === 0 ? nowMs : Math.min(...alerts.map((alert) => Date.parse(alert.firstSeenAt)));
  return {
    legitimateUseLast24h: legitimateUseLast24h(recent.callers, { suspiciousSinceMs, nowMs }),
    callers: recent.callers,
    activeKeys: snapshot.keys.filter((key) => key.status === 'Active').length,
    notRead: [...recent.notRead],
  };
}
