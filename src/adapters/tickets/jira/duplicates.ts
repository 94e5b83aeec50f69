import type { JiraClient } from './client.js';
import { addOwnComment } from './comments.js';
import { setProperty } from './create-once.js';
import type { OwnProperty } from './replies.js';
import { OWN_PROPERTY } from './search.js';
import { moveTo } from './transitions.js';

/**
 * Takes a copy out of use that a request made which landed after every wait: says so in it, stops calling it ours, closes
 * it. Nothing is deleted: somebody may have written in it.
 */
export async function retire(client: JiraClient, { key, of, incidentId }: { key: string; of: string; incidentId: string }): Promise<void> {
  await addOwnComment(client, key, {
    commentId: 'duplicate',
    head: `Duplicate of ${of}.`,
    lines: ['Made by a request that Jira answered too late.'],
  });
  await moveTo(client, key, 'closed');
  const value: OwnProperty = { incidentId, kind: 'duplicate' };
  await setProperty(client, { issueKey: key, property: OWN_PROPERTY, value });
}
