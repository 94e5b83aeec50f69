import { join } from 'node:path';
import { createJournalNotifier, sentBefore } from '../adapters/notify/journal.js';
import { createOnceNotifier } from '../adapters/notify/once.js';
import { createRecordedNotifier } from '../adapters/notify/recorded.js';
import { createSlackNotifier } from '../adapters/notify/slack.js';
import { createSmtpNotifier } from '../adapters/notify/smtp.js';
import { createTerminalNotifier } from '../adapters/notify/terminal.js';
import { createTicketSystem } from '../adapters/tickets/registry.js';
import type { Env } from '../config/env.js';
import type { Person } from '../contracts/playbook.js';
import type { Notifier } from '../ports/notifier.js';
import type { Policies } from '../ports/policies.js';
import type { TicketSystem } from '../ports/ticket-system.js';

/** File of the notification journal in the data folder. */
export function notificationJournal(dataDir: string): string {
  return join(dataDir, 'notifications.jsonl');
}

/** The channels that are configured; terminal and journal always are. All leave a line in the journal. */
export function createNotifiers(env: Env, { policies, print }: { policies: Policies; print: (line: string) => void }): Notifier[] {
  const file = notificationJournal(env.dataDir);
  const journal = createJournalNotifier(file);
  const { slackWebhookUrl: webhookUrl, mail } = env;
  const people = async (): Promise<Person[]> => (await policies.people()).people;
  // These cannot recognise a repeat themselves.
  const paging = [
    ...(webhookUrl === undefined ? [] : [createSlackNotifier({ webhookUrl })]),
    ...(mail === undefined ? [] : [createSmtpNotifier({ url: mail.smtpUrl, from: mail.from, people })]),
    createTerminalNotifier(print),
  ].map((channel) => createOnceNotifier(createRecordedNotifier(channel, journal), sentBefore(file)));
  return [...paging, journal];
}

/** Jira where it is configured, else Markdown files in the data folder. */
export function createTickets({ dataDir, jira }: Env): TicketSystem {
  return createTicketSystem({ folder: join(dataDir, 'tickets'), jira });
}
