import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJiraTickets } from '../../src/adapters/tickets/jira/index.js';
import { createMarkdownTickets } from '../../src/adapters/tickets/markdown/index.js';
import { createTicketSystem, TICKET_SYSTEMS } from '../../src/adapters/tickets/registry.js';
import { packagePath } from '../../src/config/paths.js';
import { ACCOUNT, JiraStub } from '../fixtures/jira-stub/stub.js';
import { textOf } from '../fixtures/jira-stub/rules.js';
import { STATUSES } from '../fixtures/jira-stub/store.js';
import { describeTicketSystem, type TicketSystemUnderTest } from './ticket-system.contract.js';

let stub: JiraStub;
let folder = '';
beforeAll(async () => {
  stub = await JiraStub.start();
});
afterAll(async () => {
  await stub.stop();
  if (folder !== '') await rm(folder, { recursive: true });
});

const STANDING = { new: 'open', indeterminate: 'inProgress', done: 'closed' } as const;

function found(key: string) {
  const issue = stub.store.find(key);
  if (issue === undefined) throw new Error(`no issue ${key}`);
  return issue;
}

const jira: TicketSystemUnderTest = {
  reset: () => {
    // Every answer of the test before was checked against the document.
    expect(stub.problems).toEqual([]);
    return Promise.resolve(stub.reset());
  },
  worker: () => {
    const { nowMs, sleep } = stub.clock;
    return createJiraTickets({ url: stub.url, ...ACCOUNT, project: 'SEC', issueType: 'Task' }, { nowMs, sleep });
  },
  tickets: () => Promise.resolve(stub.store.tickets().length),
  seen: ({ key }) => {
    const { fields, comments, status, attachments } = found(key);
    const text = [fields['summary'], textOf(fields['description']), ...comments.map(({ body }) => textOf(body))].join('\n');
    const files = attachments.map(({ filename, bytes }): [string, string] => [filename, Buffer.from(bytes).toString()]);
    return Promise.resolve({ text, status: STANDING[STATUSES[status].category], attachments: files });
  },
  seenSubTask: ({ key }) => {
    const { fields, comments, status } = found(key);
    const text = [fields['summary'], textOf(fields['description']), ...comments.map(({ body }) => textOf(body))].join('\n');
    return Promise.resolve({ text, done: STATUSES[status].category === 'done' });
  },
  completeByHand: ({ key }, who) => Promise.resolve(stub.store.move(found(key), 'Finished', who)),
  takeRightAway: () => Promise.resolve(void stub.store.rights.delete('CREATE_ISSUES')),
  // In ADF only structure acts: the stub refuses any node that it does not know, and a link shows its target here.
  active: /\[to (?!https:\/\/temporal)/,
};

const markdown: TicketSystemUnderTest = {
  reset: async () => {
    if (folder !== '') await rm(folder, { recursive: true, force: true });
    folder = await mkdtemp(join(tmpdir(), 'tourniquet-tickets-'));
  },
  worker: () => createMarkdownTickets(folder),
  tickets: async () => (await readdir(folder)).length,
  seen: async ({ url }) => {
    const path = fileURLToPath(url);
    const text = await readFile(path, 'utf8');
    const status = /^- Status: (.*)$/m.exec(text)?.[1] ?? '';
    const attachments = join(path, '..', 'attachments');
    const names = (await readdir(attachments).catch(() => [])).toSorted((a, b) => b.localeCompare(a));
    const files = await Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await readFile(join(attachments, name), 'utf8')]),
    );
    return { text, status: status === 'in progress' ? 'inProgress' : status, attachments: files };
  },
  seenSubTask: async ({ url }) => {
    const text = await readFile(fileURLToPath(url), 'utf8');
    return { text, done: /^- \[x\] Done by:/m.test(text) };
  },
  completeByHand: async ({ url }, who) => {
    const path = fileURLToPath(url);
    await writeFile(path, (await readFile(path, 'utf8')).replace('- [ ] Done by: ', `- [X] Done by: ${who}`));
  },
  takeRightAway: async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
  },
  // Unescaped: a tag, a link that a viewer follows, a second heading or box; addresses that viewers turn into links.
  active: /<script|[^\\]\]\((?!<https?:\/\/temporal)|evil\.example\/?>|https?:\/\/evil|^#{1,6} two|^\s*[-*] \[x\]|^- Status: (?!open)/m,
};

describeTicketSystem('jira', jira);
describeTicketSystem('markdown', markdown);

describe('registry', () => {
  it('has a row for every folder of src/adapters/tickets, and the suite runs on each', () => {
    const folders = readdirSync(packagePath('src', 'adapters', 'tickets'), { withFileTypes: true }).flatMap((one) =>
      one.isDirectory() ? [one.name] : [],
    );

    expect(Object.keys(TICKET_SYSTEMS).toSorted()).toEqual(folders.toSorted());
    expect(folders.toSorted()).toEqual(['jira', 'markdown']);
  });

  it('takes Jira where it is configured, else the local folder', () => {
    const settings = { url: 'https://x.atlassian.net', email: 'a@example.com', token: 't', project: 'SEC', issueType: 'Task' };

    expect(createTicketSystem({ folder: '/nowhere', jira: settings }).name).toBe('jira');
    expect(createTicketSystem({ folder: '/nowhere', jira: undefined }).name).toBe('markdown');
    expect(() => createTicketSystem({ folder: '/nowhere', jira: { ...settings, url: 'http://x.atlassian.net' } })).toThrow(/https/);
  });
});
