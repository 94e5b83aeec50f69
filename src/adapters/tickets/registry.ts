import type { TicketSystem } from '../../ports/ticket-system.js';
import { createJiraTickets } from './jira/index.js';
import type { JiraSettings } from './jira/settings.js';
import { createMarkdownTickets } from './markdown/index.js';

/** What the configuration says about tickets. */
export interface TicketConfig {
  /** Folder of the local tickets. */
  readonly folder: string;
  readonly jira: JiraSettings | undefined;
}

/** Every ticket system, by folder name, in the order in which they are preferred: the first that is configured is used. */
export const TICKET_SYSTEMS: Readonly<Record<string, (config: TicketConfig) => TicketSystem | undefined>> = {
  jira: ({ jira }) => (jira === undefined ? undefined : createJiraTickets(jira)),
  markdown: ({ folder }) => createMarkdownTickets(folder),
};

/**
 * The ticket system of this installation.
 *
 * @throws Error: none is configured, or its address is unusable.
 */
export function createTicketSystem(config: TicketConfig): TicketSystem {
  for (const create of Object.values(TICKET_SYSTEMS)) {
    const system = create(config);
    if (system !== undefined) return system;
  }
  throw new Error('no ticket system is configured');
}
