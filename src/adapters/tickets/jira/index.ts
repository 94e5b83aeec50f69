import type { TicketSystem } from '../../../ports/ticket-system.js';
import { attachOnce } from './attachments.js';
import { checkJira } from './check.js';
import { createJiraClient } from './client.js';
import { addOwnComment } from './comments.js';
import type { JiraSettings, JiraTuning } from './settings.js';
import { ensureSubTask, subTaskStates } from './sub-tasks.js';
import { ensureIssue } from './tickets.js';
import { moveTo } from './transitions.js';

/**
 * Jira Cloud (REST v3) as the ticket system. Keeps nothing between calls: any worker may make the next one. How each
 * thing comes to be made once: `decision-log.md`.
 *
 * A first `ensureTicket` takes about 20 s (the search index is given time), every other call seconds.
 *
 * @throws Error at once: the address is not HTTPS.
 */
export function createJiraTickets(settings: JiraSettings, tuning: JiraTuning = {}): TicketSystem {
  const client = createJiraClient(settings, tuning);
  return {
    name: 'jira',
    ensureTicket: (ticket) => ensureIssue(client, ticket),
    ensureSubTask: (parent, subTask) => ensureSubTask(client, parent, subTask),
    addComment: (ticket, { commentId, at, lines }) => addOwnComment(client, ticket.key, { commentId, head: at, lines }),
    setStatus: (ticket, status) => moveTo(client, ticket.key, status),
    attach: (ticket, attachment) => attachOnce(client, ticket.key, attachment),
    subTasks: (parent) => subTaskStates(client, parent),
    check: () => checkJira(client),
  };
}
