import type { Notification, NotifyResult } from '../../src/contracts/notify.js';
import { deliver, type DeliverDeps } from './deliver.js';

/**
 * A breached clock, as an event of its own on the timeline (design 6): its activity type is what people see there.
 * Carries the team's message; without lines the team was already told, and nothing is sent.
 *
 * @throws TargetNotFound, permanent; UpstreamUnavailable, transient: see `deliver`.
 */
export function createRecordBreach(deps: DeliverDeps): (input: Notification) => Promise<NotifyResult> {
  return async (input) => (input.lines.length === 0 ? { channel: 'timeline', failed: [], people: [] } : deliver(deps, input));
}
