import { isCancellation } from '@temporalio/workflow';
import type { TicketProgress } from '../../src/contracts/incident.js';
import type { RecordResult } from '../../src/contracts/record.js';
import type { TicketRef, TicketState } from '../../src/contracts/ticket.js';
import { moved } from '../../src/domain/engine/ladder.js';
import { answerTask, openTasks } from '../../src/domain/engine/tasks.js';
import { linesSoFar, shownOf, statusOf, ticketDueMs, ticketUpdateOf } from '../../src/domain/engine/ticket.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { tickets } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';

const SYNCING = 'update ticket';

/** Brings the ticket up to date when an update is due, and takes in what people did there. One update at a time. */
export function syncTicket(incident: Incident, nowMs: number): void {
  const { state, run } = incident;
  const dueMs = ticketDueMs(state);
  if (state.ticket === undefined || dueMs === undefined || dueMs > nowMs || run.claiming.has(SYNCING)) return;
  run.claiming.add(SYNCING);
  void update(incident, state.ticket).finally(() => run.claiming.delete(SYNCING));
}

async function update(incident: Incident, ticket: TicketProgress): Promise<void> {
  try {
    await incident.busy(() => updateTicket(incident, ticket));
  } catch (error) {
    if (isCancellation(error)) return;
    // Tried again after the usual gap; said once, not every minute.
    if (ticket.trouble === undefined) incident.journal(`ticket ${ticket.ref.key} could not be updated: ${failureText(error)}`);
    Object.assign(ticket, { trouble: failureText(error), updatedAt: toInstant(Date.now()) });
  }
}

/** Sends what the ticket lacks. Also the last word at the close, which has no pump any more. */
export async function updateTicket(incident: Incident, ticket: TicketProgress): Promise<void> {
  const { state } = incident;
  const [lines, shown] = [linesSoFar(state), shownOf(state)];
  const nothingNew = { incidentId: state.incidentId, ticket: ticket.ref, status: statusOf(state), comments: [], subTasks: [] };
  const update = ticketUpdateOf(state) ?? nothingNew;
  const answer = await tickets.updateTicket.executeWithOptions({ summary: `bring ticket ${ticket.ref.key} up to date` }, [update]);
  const recovered = ticket.trouble !== undefined;
  Object.assign(ticket, { linesSent: lines, shown, updatedAt: toInstant(Date.now()) });
  delete ticket.trouble;
  if (recovered) incident.journal(`ticket ${ticket.ref.key} is up to date again`);
  takeAnswers(incident, ticket, answer);
}

/** A sub-task done in the ticket system completes the manual task; it never approves anything (design 12). */
function takeAnswers(incident: Incident, ticket: TicketProgress, answer: TicketState): void {
  const { state } = incident;
  for (const { taskId, key, done, doneBy } of answer.subTasks) {
    ticket.subTasks[taskId] = key;
    const task = openTasks(state).find((open) => open.taskId === taskId);
    if (!done || task === undefined || task.kind !== 'manual' || task.needKey !== undefined || !task.choices.includes('done')) continue;
    const subject = `${doneBy ?? 'somebody'} (in ${key})`;
    const reason = `sub-task ${key} is done`;
    answerTask(task, { actId: `${state.incidentId}/${key}/done`, subject, choice: 'done', reason, at: toInstant(Date.now()) }, Date.now());
    moved(state, Date.now());
    incident.journal(`${taskId} (${task.title}): done, ${reason}`, subject);
  }
}

/** Puts the report into the ticket; one of the same name is not added twice. */
export async function attachReport(ticket: TicketRef, { reportHtml, reportMarkdown }: RecordResult): Promise<void> {
  const files = [
    { ref: reportHtml, name: 'report.html', mediaType: 'text/html' },
    { ref: reportMarkdown, name: 'report.md', mediaType: 'text/markdown' },
  ];
  for (const file of files)
    await tickets.attachToTicket.executeWithOptions({ summary: `attach ${file.name} to ${ticket.key}` }, [{ ticket, ...file }]);
}
