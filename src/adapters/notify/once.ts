import type { Notification } from '../../contracts/notify.js';
import type { Team } from '../../contracts/playbook.js';
import type { Notifier } from '../../ports/notifier.js';

/**
 * Sends through a channel that cannot recognise a repeat only what the journal does not hold: an activity that is tried
 * again pages nobody twice. A crash between sending and journal leaves one repeat, which its id shows.
 */
export function createOnceNotifier(
  channel: Notifier,
  sentBefore: (notification: Notification, team: Team) => Promise<string[] | undefined>,
): Notifier {
  return {
    channel: channel.channel,
    async send(notification, team) {
      const people = await sentBefore(notification, team);
      return people === undefined ? channel.send(notification, team) : { people };
    },
  };
}
