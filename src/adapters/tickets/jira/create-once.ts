import { z } from 'zod';
import type { JiraClient } from './client.js';
import { Anything, Issue } from './replies.js';

/** What is made once on an issue, and how to see whether it is there. `look` must not read the search index. */
export interface OnceOnly<T> {
  /** Issue that the intent is noted on. */
  readonly issueKey: string;
  readonly kind: 'sub-task' | 'comment' | 'attachment';
  readonly id: string;
  readonly look: () => Promise<T | undefined>;
  readonly make: () => Promise<T>;
}

const Intent = z.object({ id: z.string() });

/**
 * Makes something that Jira itself would make twice. Before the request an intent is written on the issue: a later
 * attempt, on whatever worker, that finds its own intent but not the thing knows that a request may still be under way,
 * and gives it time before it asks again. See `decision-log.md`.
 */
export async function createOnce<T>(client: JiraClient, { issueKey, kind, id, look, make }: OnceOnly<T>): Promise<T> {
  const there = await look();
  if (there !== undefined) return there;
  const property = intentProperty(kind);
  const call = { what: `read ${issueKey}`, right: 'BROWSE_PROJECTS' };
  const issue = await client.read(call, client.api.findIssue(issueKey, undefined, 'status', property), Issue);
  if (intentOf(issue, property) === id) {
    await client.sleep(client.lateMs);
    const late = await look();
    if (late !== undefined) return late;
  } else {
    await setProperty(client, { issueKey, property, value: { id } });
  }
  return make();
}

/** Name of the property that holds the last intent of a kind. */
export function intentProperty(kind: OnceOnly<unknown>['kind'] | 'transition'): string {
  return `tourniquet-intent-${kind}`;
}

/** The last intent on an issue that was read with its property. */
export function intentOf({ properties = {} }: Issue, property: string): string | undefined {
  const intent = Intent.safeParse(properties[property]);
  return intent.success ? intent.data.id : undefined;
}

/** Sets an entity property of an issue. The same value again changes nothing. Needs EDIT_ISSUES. */
export async function setProperty(
  { send, read }: JiraClient,
  { issueKey, property, value }: { issueKey: string; property: string; value: unknown },
): Promise<void> {
  const call = { what: `note on ${issueKey}`, right: 'EDIT_ISSUES' };
  await read(call, send({ method: 'PUT', path: `/issue/${issueKey}/properties/${property}`, body: value }), Anything);
}
