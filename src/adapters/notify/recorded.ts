import type { Notifier } from '../../ports/notifier.js';

/** Sends through a channel and keeps a line in the journal of what went out: who was told what, and when. */
export function createRecordedNotifier(channel: Notifier, journal: Notifier): Notifier {
  return {
    channel: channel.channel,
    async send(notification, team) {
      const reached = await channel.send(notification, team);
      await journal.send(notification, team);
      return reached;
    },
  };
}
