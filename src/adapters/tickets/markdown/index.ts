import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { permanent } from '../../../contracts/failures.js';
import type { SubTask, TicketRef } from '../../../contracts/ticket.js';
import type { Attachment, SubTaskState, TicketSystem } from '../../../ports/ticket-system.js';
import { createQueue } from '../../records/serial.js';
import { createTicketFiles, type TicketFiles } from './files.js';
import { commentBlock, hasComment, subTaskPage, ticketPage, withStatus } from './pages.js';
import { readTick, tick } from './tick.js';

const PAGE = 'ticket.md';
/** The name of a sub-task's file is its task id; nothing else in the folder ends so. */
const SUB_TASK_FILE = /^(?!ticket\.md$)([A-Za-z0-9][\w.:-]{0,99})\.md$/;

/**
 * Tickets as Markdown files, for one machine: `<folder>/<incidentId>/ticket.md`, one `<taskId>.md` per sub-task with a box
 * that a person ticks to complete the task, and `attachments/`. What people write into the files stays.
 */
export function createMarkdownTickets(folder: string): TicketSystem {
  const files = createTicketFiles(folder);
  const inOrder = createQueue();
  return {
    name: 'markdown',
    ensureTicket: (ticket) =>
      inOrder(async () => {
        const path = files.path(ticket.incidentId, PAGE);
        if ((await files.read(path)) === undefined) await files.write(path, ticketPage(ticket));
        return { key: ticket.incidentId, url: pathToFileURL(path).href };
      }),
    ensureSubTask: (parent, subTask) => inOrder(() => ensureSubTask(files, parent, subTask)),
    addComment: ({ key }, comment) =>
      inOrder(() =>
        files.change(pathOf(files, key), (text) => (hasComment(text, comment.commentId) ? text : `${text}${commentBlock(comment)}`)),
      ),
    setStatus: ({ key }, status) =>
      inOrder(() =>
        files.change(pathOf(files, key), (text) => {
          if (!key.includes('/')) return withStatus(text, status);
          return status === 'closed' && !readTick(text).done ? tick(text) : text;
        }),
      ),
    attach: (ticket, attachment) => inOrder(() => attach(files, ticket, attachment)),
    subTasks: ({ key }) => inOrder(() => subTasks(files, key)),
    check: () => check(folder),
  };
}

async function ensureSubTask(files: TicketFiles, parent: TicketRef, subTask: SubTask): Promise<TicketRef> {
  await files.demand(pathOf(files, parent.key));
  const name = `${subTask.taskId}.md`;
  if (!SUB_TASK_FILE.test(name)) throw permanent('InvalidPayload', 'the task id is not a plain file name');
  const path = files.path(parent.key, name);
  const before = (await files.read(path)) ?? subTaskPage(subTask);
  const after = subTask.closed === undefined || readTick(before).done ? before : tick(before, subTask.closed);
  await files.write(path, after);
  return { key: `${parent.key}/${subTask.taskId}`, url: pathToFileURL(path).href };
}

async function attach(files: TicketFiles, { key }: TicketRef, { name, bytes }: Attachment): Promise<void> {
  await files.demand(pathOf(files, key));
  const path = files.path(key.split('/')[0] ?? key, `attachments/${name.replace(/[^\w.+=@-]/g, '_').replace(/^\.+/, '_')}`);
  if (!(await files.exists(path))) await files.write(path, bytes);
}

async function subTasks(files: TicketFiles, incidentId: string): Promise<SubTaskState[]> {
  await files.demand(pathOf(files, incidentId));
  const states: SubTaskState[] = [];
  for (const name of await files.list(incidentId)) {
    const taskId = SUB_TASK_FILE.exec(name)?.[1];
    const text = taskId === undefined ? undefined : await files.read(files.path(incidentId, name));
    if (taskId !== undefined && text !== undefined) states.push({ taskId, key: `${incidentId}/${taskId}`, ...readTick(text) });
  }
  return states.toSorted((a, b) => a.taskId.localeCompare(b.taskId, 'en', { numeric: true }));
}

/** A ticket's key is the incident id, a sub-task's `<incidentId>/<taskId>`. */
function pathOf(files: TicketFiles, key: string): string {
  const [incidentId = '', taskId] = key.split('/');
  return files.path(incidentId, taskId === undefined ? PAGE : `${taskId}.md`);
}

async function check(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return [];
  } catch {
    return [`${join(folder)} cannot be written`];
  }
}
