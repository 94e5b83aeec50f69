import type { Attachment } from '../../../ports/ticket-system.js';
import { issueKey, type JiraClient } from './client.js';
import { createOnce } from './create-once.js';
import { Anything, Issue } from './replies.js';
import { Upload } from './transport.js';

/**
 * Attaches a file once per name. Multipart of our own: `jira-client` sends the header `nocheck`, the document asks for
 * `no-check`. Needs CREATE_ATTACHMENTS.
 */
export async function attachOnce(client: JiraClient, key: string, { name, mediaType, bytes }: Attachment): Promise<void> {
  const filename = fileName(name);
  await createOnce(client, {
    issueKey: issueKey(key),
    kind: 'attachment',
    id: filename,
    look: () => hasAttachment(client, key, filename),
    make: async () => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(bytes)], { type: mediaType }), filename);
      const sent = client.send({ method: 'POST', path: `/issue/${issueKey(key)}/attachments`, body: new Upload(form) });
      await client.read({ what: `attach ${filename} to ${key}`, right: 'CREATE_ATTACHMENTS' }, sent, Anything);
      return true;
    },
  });
}

async function hasAttachment({ api, read }: JiraClient, key: string, filename: string): Promise<true | undefined> {
  const call = { what: `read attachments of ${key}`, right: 'BROWSE_PROJECTS' };
  const { fields } = await read(call, api.findIssue(issueKey(key), undefined, 'attachment', 'tourniquet'), Issue);
  return (fields?.attachment ?? []).some((one) => one.filename === filename) ? true : undefined;
}

/** A name that Jira keeps as it is; it is what the file is found again by. */
function fileName(name: string): string {
  return name
    .replace(/[^\w.+=@-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 200);
}
