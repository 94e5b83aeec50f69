import { z } from 'zod';
import { plainText } from '../../../domain/engine/plain-text.js';
import { adfDocument, bulletList, marker, paragraph, portions } from './adf.js';
import { issueKey, withQuery, type JiraClient } from './client.js';
import { createOnce } from './create-once.js';
import { Anything, CommentPage } from './replies.js';

/** A comment of ours: `commentId` is its identity, `head` its first line. */
export interface OwnComment {
  readonly commentId: string;
  readonly head: string;
  readonly lines: readonly string[];
}

const PAGE = 100;

/** Last block of a comment that ends in a paragraph with one text. */
const Marked = z.object({
  content: z.array(z.unknown()).transform((blocks) => blocks.at(-1)),
});
const MarkerBlock = z.object({ type: z.literal('paragraph'), content: z.tuple([z.object({ text: z.string() })]) });

/**
 * Adds a comment once per `commentId`. Lines that Jira would not take in one text become several comments, each once.
 * Needs ADD_COMMENTS.
 */
export async function addOwnComment(client: JiraClient, key: string, comment: OwnComment): Promise<void> {
  const parts = portions(comment.lines);
  for (const [index, lines] of parts.entries()) {
    const mark = markOf(comment.commentId, index);
    const body = adfDocument([paragraph(comment.head), ...bulletList(lines), marker(mark)]);
    await createOnce(client, {
      issueKey: issueKey(key),
      kind: 'comment',
      id: mark,
      look: () => hasComment(client, key, mark),
      make: async () => {
        const call = { what: `comment on ${key}`, right: 'ADD_COMMENTS' };
        // `addComment` of jira-client sends plain text, which version 3 does not take.
        await client.read(call, client.api.addCommentAdvanced(issueKey(key), { body }), Anything);
        return true;
      },
    });
  }
}

/** Newest first: a repeat is looked for among the last ones. */
async function hasComment({ api, read }: JiraClient, key: string, mark: string): Promise<true | undefined> {
  const call = { what: `read comments of ${key}`, right: 'BROWSE_PROJECTS' };
  for (let startAt = 0; ; startAt += PAGE) {
    const query: [string, string][] = [
      ['startAt', String(startAt)],
      ['maxResults', String(PAGE)],
      ['orderBy', '-created'],
    ];
    const page = await read(call, api.genericGet(withQuery(`issue/${issueKey(key)}/comment`, query)), CommentPage);
    if (page.comments.some(({ body }) => lastText(body) === mark)) return true;
    if (page.comments.length === 0 || startAt + page.comments.length >= page.total) return undefined;
  }
}

function lastText(body: unknown): string | undefined {
  const document = Marked.safeParse(body);
  const block = MarkerBlock.safeParse(document.success ? document.data.content : undefined);
  return block.success ? block.data.content[0].text : undefined;
}

function markOf(commentId: string, index: number): string {
  const id = plainText(commentId);
  return `tourniquet ${index === 0 ? id : `${id} part ${index + 1}`}`;
}
