import type { Notification } from '../contracts/notify.js';
import type { Team } from '../contracts/playbook.js';

/** One channel that reaches people. A failure falls through to the team's next channel. */
export interface Notifier {
  /** Name used in `teams.yaml`. */
  readonly channel: string;
  /**
   * Sends one message to a team. Idempotent by `notificationId` where the channel allows it.
   *
   * @returns who was reached.
   */
  send(notification: Notification, team: Team): Promise<{ people: string[] }>;
}
