import type { z } from 'zod';
import { withQuery, type JiraClient } from './client.js';
import { SearchPage, type Issue } from './replies.js';

/** Name of the entity property that says what an issue is to us. */
export const OWN_PROPERTY = 'tourniquet';
/** Far above what one incident can have: beyond it something else is wrong, and looping on would hide it. */
const MOST_PAGES = 40;

export interface Search {
  readonly jql: string;
  readonly fields: string;
  readonly expand?: string;
  /** Issues that the answer must show as they are now, whatever the index knows: at most 50 (OpenAPI, `reconcileIssues`). */
  readonly reconcile?: readonly string[];
}

/** Every issue of a JQL search with our property. `searchJira` of `jira-client` posts to a path that version 3 has not. */
export async function search({ api, read }: JiraClient, { jql, fields, expand, reconcile = [] }: Search): Promise<Issue[]> {
  const found: Issue[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: [string, string][] = [
      ['jql', jql],
      ['maxResults', '100'],
      ['fields', fields],
      ['properties', OWN_PROPERTY],
      ...(expand === undefined ? [] : [['expand', expand] satisfies [string, string]]),
      ...reconcile.map((id): [string, string] => ['reconcileIssues', id]),
      ...(pageToken === undefined ? [] : [['nextPageToken', pageToken] satisfies [string, string]]),
    ];
    const call = { what: 'search', right: 'BROWSE_PROJECTS' };
    const reply: z.infer<typeof SearchPage> = await read(call, api.genericGet(withQuery('search/jql', query)), SearchPage);
    found.push(...reply.issues);
    pageToken = reply.nextPageToken ?? undefined;
    if (reply.isLast !== false || pageToken === undefined) break;
  }
  return found;
}

/** Issues are numbered as they are made: of two, the one with the lower id was first. */
export function oldestFirst<T extends { readonly id: string }>(issues: readonly T[]): T[] {
  return issues.toSorted((a, b) => Number(a.id) - Number(b.id));
}
