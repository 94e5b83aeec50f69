import type { Notification } from '../../contracts/notify.js';
import type { Team } from '../../contracts/playbook.js';
import { UNPRINTABLE } from '../../domain/engine/plain-text.js';
import type { Notifier } from '../../ports/notifier.js';

/** Prints each notification; everybody on the team's contact list counts as reached. */
export function createTerminalNotifier(print: (line: string) => void): Notifier {
  return {
    channel: 'terminal',
    send(notification: Notification, team: Team): Promise<{ people: string[] }> {
      const printable = (text: string): string => text.replace(UNPRINTABLE, ' ');
      print(printable(`[${notification.kind}] ${notification.incidentId} → ${team.title}: ${notification.title}`));
      for (const line of notification.lines) print(`    ${printable(line)}`);
      return Promise.resolve({ people: team.contacts });
    },
  };
}
