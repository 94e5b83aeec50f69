import type { Notification, NotifyResult } from '../../src/contracts/notify.js';
import { deliver, type DeliverDeps } from './deliver.js';

/**
 * Tells a team something: page, warning, task or news. Falls through the team's channels in their order; the result names the one
 * that took it and those that failed. Idempotent by `notificationId`.
 *
 * @throws TargetNotFound, permanent; UpstreamUnavailable, transient: see `deliver`.
 */
export function createNotifyTeam(deps: DeliverDeps): (input: Notification) => Promise<NotifyResult> {
  return (input) => deliver(deps, input);
}
