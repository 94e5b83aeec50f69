import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Notification } from '../../contracts/notify.js';
import type { Team } from '../../contracts/playbook.js';
import type { Notifier } from '../../ports/notifier.js';
import { createQueue } from '../records/serial.js';

/** One line of the notification journal. */
export const SentNotification = z.object({ ...Notification.shape, channel: z.string(), people: z.array(z.string()) });
export type SentNotification = z.infer<typeof SentNotification>;

/**
 * Writes each notification as one JSON line. Idempotent by `notificationId` and team: an activity that is
 * tried again sends nothing twice. Several processes may append; only one at a time should send the same id.
 */
export function createJournalNotifier(file: string): Notifier {
  const inOrder = createQueue();
  return {
    channel: 'journal',
    send: (notification: Notification, team: Team) =>
      inOrder(async () => {
        const sent = await readSentNotifications(file);
        const earlier = sent.find((line) => line.notificationId === notification.notificationId && line.team === notification.team);
        if (earlier !== undefined) return { people: earlier.people };
        await mkdir(dirname(file), { recursive: true });
        const line: SentNotification = { ...notification, channel: 'journal', people: team.contacts };
        await appendFile(file, `${JSON.stringify(line)}\n`);
        return { people: team.contacts };
      }),
  };
}

/** Who was reached by a notification that went out before, through whatever channel; for `createOnceNotifier`. */
export function sentBefore(file: string): (notification: Notification, team: Team) => Promise<string[] | undefined> {
  return async ({ notificationId }, { id }) =>
    (await readSentNotifications(file)).find((line) => line.notificationId === notificationId && line.team === id)?.people;
}

/** Everything sent so far, oldest first. A line cut short by a crash is left out. */
export async function readSentNotifications(file: string): Promise<SentNotification[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = SentNotification.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
