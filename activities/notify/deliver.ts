import { ApplicationFailure } from '@temporalio/common';
import { permanent, transient } from '../../src/contracts/failures.js';
import type { Notification, NotifyResult } from '../../src/contracts/notify.js';
import type { Team } from '../../src/contracts/playbook.js';
import type { Notifier } from '../../src/ports/notifier.js';

export interface DeliverDeps {
  /** Every channel that is configured; a team names those it uses, in order. */
  readonly notifiers: readonly Notifier[];
  /** The teams as `teams.yaml` has them now: who is reached must not be pinned. */
  readonly teams: () => Promise<readonly Team[]>;
}

/**
 * Sends a notification through the first of the team's channels that takes it. Channels recognise a repeat by its
 * notificationId. Channels that are not configured are left out, and named in the result.
 *
 * @throws TargetNotFound, permanent: no such team, or none of its channels is configured.
 * @throws UpstreamUnavailable, transient: every channel failed; where each asked to wait, the shortest wait.
 */
export async function deliver({ notifiers, teams }: DeliverDeps, notification: Notification): Promise<NotifyResult> {
  const team = (await teams()).find(({ id }) => id === notification.team);
  if (team === undefined) throw permanent('TargetNotFound', `teams.yaml has no team ${notification.team}`);
  const channels = team.channels.flatMap((name) => notifiers.filter(({ channel }) => channel === name));
  const skipped = team.channels.filter((name) => !notifiers.some(({ channel }) => channel === name));
  if (channels.length === 0)
    throw permanent('TargetNotFound', `none of the channels of ${team.id} is configured: ${team.channels.join(', ')}`);
  const failed: string[] = [];
  const waits: number[] = [];
  for (const notifier of channels) {
    try {
      const { people } = await notifier.send(notification, team);
      return { channel: notifier.channel, failed, people, ...(skipped.length === 0 ? {} : { skipped }) };
    } catch (error) {
      failed.push(`${notifier.channel} (${error instanceof Error ? error.message : 'unknown failure'})`);
      if (error instanceof ApplicationFailure && typeof error.nextRetryDelay === 'number') waits.push(error.nextRetryDelay);
    }
  }
  const retry = waits.length === channels.length ? { retryAfterMs: Math.min(...waits) } : {};
  throw transient('UpstreamUnavailable', `no channel of ${team.id} took it: ${failed.join('; ')}`, retry);
}
