import { z } from 'zod';
import { ApplicationFailure } from '@temporalio/common';
import { withQuery, type JiraClient } from './client.js';
import { FieldPage, IssueTypes, Permissions } from './replies.js';

/** Project permissions of everything the adapter does (OpenAPI, each operation's "Permissions required"). */
const RIGHTS = ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'EDIT_ISSUES', 'ADD_COMMENTS', 'TRANSITION_ISSUES', 'CREATE_ATTACHMENTS'];
/** Fields we set: what is not on the create screen, Jira refuses. */
const TICKET_FIELDS = ['summary', 'description', 'labels'];
const SUB_TASK_FIELDS = ['summary', 'description', 'parent'];
/** Jira fills these itself or from what we send. */
const GIVEN = ['project', 'issuetype', 'reporter', ...TICKET_FIELDS, ...SUB_TASK_FIELDS];

const User = z.object({ accountId: z.string(), active: z.boolean() });

/** What stands in the way of tickets, one line each. Creates nothing. */
export async function checkJira(client: JiraClient): Promise<string[]> {
  try {
    const account = await client.read({ what: 'sign in', right: 'none' }, client.api.getCurrentUser(), User);
    const inactive = account.active ? [] : ['the Jira account is not active'];
    return [...inactive, ...(await missingRights(client)), ...(await missingTypes(client))];
  } catch (error) {
    if (error instanceof ApplicationFailure) return [error.message];
    throw error;
  }
}

async function missingRights({ api, read, settings: { project } }: JiraClient): Promise<string[]> {
  const query = withQuery('mypermissions', [
    ['projectKey', project],
    ['permissions', RIGHTS.join(',')],
  ]);
  const { permissions } = await read({ what: 'read permissions', right: 'BROWSE_PROJECTS' }, api.genericGet(query), Permissions);
  return RIGHTS.filter((right) => permissions[right]?.havePermission !== true).map((right) => `no permission ${right} in ${project}`);
}

async function missingTypes(client: JiraClient): Promise<string[]> {
  const { api, read, settings } = client;
  const call = { what: 'read issue types', right: 'CREATE_ISSUES' };
  const { issueTypes } = await read(call, api.genericGet(`issue/createmeta/${settings.project}/issuetypes`), IssueTypes);
  const ticket = issueTypes.find(({ name, subtask }) => name === settings.issueType && !subtask);
  const subTask = issueTypes.find(({ subtask }) => subtask);
  return [
    ...(ticket === undefined
      ? [`project ${settings.project} has no issue type ${settings.issueType}`]
      : await missingFields(client, ticket, TICKET_FIELDS)),
    ...(subTask === undefined
      ? [`project ${settings.project} has no sub-task issue type`]
      : await missingFields(client, subTask, SUB_TASK_FIELDS)),
  ];
}

async function missingFields(
  { api, read, settings }: JiraClient,
  type: { id: string; name: string },
  ours: readonly string[],
): Promise<string[]> {
  const call = { what: `read fields of ${type.name}`, right: 'CREATE_ISSUES' };
  const path = withQuery(`issue/createmeta/${settings.project}/issuetypes/${type.id}`, [['maxResults', '200']]);
  const { fields } = await read(call, api.genericGet(path), FieldPage);
  const known = new Set(fields.map(({ fieldId }) => fieldId));
  return [
    ...ours.filter((field) => !known.has(field)).map((field) => `${type.name} has no field ${field} on its create screen`),
    ...fields
      .filter(({ fieldId, required, hasDefaultValue }) => required && !hasDefaultValue && !GIVEN.includes(fieldId))
      .map(({ fieldId }) => `${type.name} requires the field ${fieldId}, which we do not fill`),
  ];
}
