import { permanent } from '../../../contracts/failures.js';
import type { SubTask, TicketRef } from '../../../contracts/ticket.js';
import { plainText } from '../../../domain/engine/plain-text.js';
import type { SubTaskState } from '../../../ports/ticket-system.js';
import { adfDocument, bulletList, firstPortion, paragraph } from './adf.js';
import { issueKey, plainId, type JiraClient } from './client.js';
import { addOwnComment } from './comments.js';
import { createOnce } from './create-once.js';
import { retire } from './duplicates.js';
import { CreatedIssue, Issue, IssueTypes, OwnProperty } from './replies.js';
import { oldestFirst, OWN_PROPERTY, search } from './search.js';
import { moveTo } from './transitions.js';

interface FoundSubTask extends SubTaskState {
  readonly id: string;
}

/** Most issues of one strongly consistent search (OpenAPI, `reconcileIssues`). */
const RECONCILE = 50;
const SUMMARY_LIMIT = 255;

/**
 * One sub-task per task id, brought to done where the task is closed. Looked for in the parent's own list of sub-tasks,
 * which is no index and does not lag. Needs CREATE_ISSUES, and for a closed one ADD_COMMENTS and TRANSITION_ISSUES.
 */
export async function ensureSubTask(client: JiraClient, parent: TicketRef, subTask: SubTask & { incidentId: string }): Promise<TicketRef> {
  const taskId = plainId(subTask.taskId);
  const parentKey = issueKey(parent.key);
  const found = await createOnce<FoundSubTask>(client, {
    issueKey: parentKey,
    kind: 'sub-task',
    id: taskId,
    look: async () => {
      const [first, ...copies] = (await ownSubTasks(client, parentKey)).filter((one) => one.taskId === taskId);
      for (const copy of copies) await retire(client, { key: copy.key, of: first?.key ?? parentKey, incidentId: subTask.incidentId });
      return first;
    },
    make: () => createSubTask(client, parentKey, subTask),
  });
  if (subTask.closed !== undefined && !found.done) {
    await addOwnComment(client, found.key, { commentId: `closed ${taskId}`, head: 'This task is closed:', lines: [subTask.closed] });
    await moveTo(client, found.key, 'closed');
  }
  return { key: found.key, url: client.browse(found.key) };
}

/** Every task's sub-task as it is now. */
export async function subTaskStates(client: JiraClient, parent: TicketRef): Promise<SubTaskState[]> {
  const byTask = new Map<string, SubTaskState>();
  for (const { taskId, key, done, doneBy } of await ownSubTasks(client, issueKey(parent.key))) {
    // The oldest is the task's; a copy that a late request made counts for nothing.
    if (!byTask.has(taskId)) byTask.set(taskId, { taskId, key, done, ...(doneBy === undefined ? {} : { doneBy }) });
  }
  return [...byTask.values()];
}

async function createSubTask(client: JiraClient, parentKey: string, subTask: SubTask & { incidentId: string }): Promise<FoundSubTask> {
  const { taskId, title, owner, dueAt, lookAt, incidentId } = subTask;
  const property: OwnProperty = { incidentId, kind: 'subTask', taskId };
  const description = adfDocument([
    paragraph(`Owner: ${owner}${dueAt === undefined ? '' : `. Due ${dueAt}`}`),
    ...bulletList(firstPortion(lookAt)),
    paragraph('Set this sub-task to done when the work is done: the incident takes it from there. Consents are not given in Jira.'),
  ]);
  const fields = {
    project: { key: client.settings.project },
    parent: { key: parentKey },
    issuetype: { id: await subTaskType(client) },
    summary: plainText(`${taskId} · ${title}`, SUMMARY_LIMIT),
    description,
  };
  const request = client.api.addNewIssue({ fields, properties: [{ key: OWN_PROPERTY, value: property }] });
  const { id, key } = await client.read({ what: `create sub-task ${taskId}`, right: 'CREATE_ISSUES' }, request, CreatedIssue);
  return { id, key, taskId, done: false };
}

/** Our sub-tasks, oldest first. */
async function ownSubTasks(client: JiraClient, parentKey: string): Promise<FoundSubTask[]> {
  const call = { what: `read sub-tasks of ${parentKey}`, right: 'BROWSE_PROJECTS' };
  const parent = await client.read(call, client.api.findIssue(parentKey, undefined, 'subtasks', OWN_PROPERTY), Issue);
  const ids = (parent.fields?.subtasks ?? []).map(({ id }) => id);
  const known = new Map<string, Issue>();
  for (let at = 0; at < ids.length; at += RECONCILE) {
    const reconcile = ids.slice(at, at + RECONCILE);
    const page = await search(client, { jql: `parent = "${parentKey}"`, fields: 'status', expand: 'changelog', reconcile });
    for (const issue of page) known.set(issue.id, issue);
  }
  const issues: Issue[] = [];
  for (const id of ids) issues.push(known.get(id) ?? (await readSubTask(client, id)));
  return oldestFirst(issues).flatMap((issue) => {
    const own = OwnProperty.safeParse(issue.properties?.[OWN_PROPERTY]);
    if (!own.success || own.data.kind !== 'subTask' || own.data.taskId === undefined) return [];
    return [{ id: issue.id, key: issue.key, taskId: own.data.taskId, ...doneOf(issue) }];
  });
}

/** For one that the search left out. */
function readSubTask({ api, read }: JiraClient, id: string): Promise<Issue> {
  return read({ what: 'read a sub-task', right: 'BROWSE_PROJECTS' }, api.findIssue(id, 'changelog', 'status', OWN_PROPERTY), Issue);
}

function doneOf({ fields, changelog }: Issue): { done: boolean; doneBy?: string } {
  if (fields?.status?.statusCategory.key !== 'done') return { done: false };
  const moves = (changelog?.histories ?? []).filter(({ items }) => items.some(({ field }) => field === 'status'));
  // Newest first in Jira Cloud, but no document promises it.
  const last = moves.toSorted((a, b) => b.created.localeCompare(a.created))[0];
  const name = plainText(last?.author?.displayName ?? '', 200);
  return { done: true, ...(name === '' ? {} : { doneBy: name }) };
}

async function subTaskType({ api, read, settings }: JiraClient): Promise<string> {
  const call = { what: `read issue types of ${settings.project}`, right: 'CREATE_ISSUES' };
  const { issueTypes } = await read(call, api.genericGet(`issue/createmeta/${settings.project}/issuetypes`), IssueTypes);
  const type = issueTypes.find(({ subtask }) => subtask);
  if (type === undefined) throw permanent('TicketRejected', `Jira, project ${settings.project}: it has no sub-task issue type`);
  return type.id;
}
