import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJiraTickets } from '../../src/adapters/tickets/jira/index.js';
import type { JiraSettings } from '../../src/adapters/tickets/jira/settings.js';
import type { TicketSystem } from '../../src/ports/ticket-system.js';
import { documentProblem, textOf } from '../fixtures/jira-stub/rules.js';
import { ACCOUNT, JiraStub } from '../fixtures/jira-stub/stub.js';
import { aSubTask, aTicket, INCIDENT_ID } from '../fixtures/tickets.js';

const AT = '2026-03-01T12:00:00.000Z';
let stub: JiraStub;
let allowed: RegExp | undefined;
beforeAll(async () => {
  stub = await JiraStub.start();
});
afterAll(() => stub.stop());
beforeEach(() => {
  stub.reset();
  allowed = undefined;
});
afterEach(() => expect(stub.problems.filter((problem) => allowed?.test(problem) !== true)).toEqual([]));

function aWorker(change: Partial<JiraSettings> = {}): TicketSystem {
  const { nowMs, sleep } = stub.clock;
  return createJiraTickets({ url: stub.url, ...ACCOUNT, project: 'SEC', issueType: 'Task', ...change }, { nowMs, sleep });
}

function issue(key: string) {
  const found = stub.store.find(key);
  if (found === undefined) throw new Error(`no issue ${key}`);
  return found;
}

describe('what counts as the ticket', () => {
  it('is not an issue that only has the label, as a clone has', async () => {
    const clone = { project: { key: 'SEC' }, labels: [INCIDENT_ID], summary: 'clone' };
    for (let n = 0; n < 7; n += 1)
      stub.store.issues.push({
        id: String(n + 1),
        key: `SEC-${n + 1}`,
        fields: clone,
        status: 'Backlog',
        properties: {},
        comments: [],
        attachments: [],
        histories: [],
        createdAtMs: 0,
      });

    const made = await aWorker().ensureTicket(aTicket());
    await stub.clock.sleep(60_000);

    expect(made.key).toBe('SEC-8');
    // Behind seven clones it stands on the third page of the search.
    expect(await aWorker().ensureTicket(aTicket())).toEqual(made);
  });

  it('is the older of two; the other one is closed, marked and never looked at again', async () => {
    const first = await aWorker().ensureTicket(aTicket());
    stub.store.issues.push({ ...structuredClone(issue(first.key)), id: '99999', key: 'SEC-77', status: 'Backlog' });
    await stub.clock.sleep(60_000);

    const refs = [await aWorker().ensureTicket(aTicket()), await aWorker().ensureTicket(aTicket())];

    expect(refs.map(({ key }) => key)).toEqual([first.key, first.key]);
    expect(issue('SEC-77')).toMatchObject({ status: 'Finished', properties: { tourniquet: { kind: 'duplicate' } } });
    expect(issue('SEC-77').comments.map(({ body }) => textOf(body))).toHaveLength(1);
    expect(issue(first.key).status).toBe('Backlog');
  });

  it('stays the ticket when a person renames and relabels it, and its sub-task too', async () => {
    const ticket = await aWorker().ensureTicket(aTicket());
    const subTask = await aWorker().ensureSubTask(ticket, aSubTask());
    issue(subTask.key).fields['summary'] = 'my own words';
    issue(ticket.key).fields['summary'] = 'renamed';
    await stub.clock.sleep(60_000);

    expect(await aWorker().ensureTicket(aTicket())).toEqual(ticket);
    expect(await aWorker().ensureSubTask(ticket, aSubTask())).toEqual(subTask);
  });

  it('sees a sub-task at once, long before the index does', async () => {
    const ticket = await aWorker().ensureTicket(aTicket());
    const subTask = await aWorker().ensureSubTask(ticket, aSubTask());

    expect(stub.store.indexed([])).toEqual([]);
    expect(await aWorker().subTasks(ticket)).toEqual([{ taskId: 'T3', key: subTask.key, done: false }]);
  });
});

describe('comments', () => {
  it('finds one again among 250 others', async () => {
    const ticket = await aWorker().ensureTicket(aTicket());
    await aWorker().addComment(ticket, { commentId: 'L1', at: AT, lines: ['first'] });
    const other = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'chat' }] }] };
    for (let n = 0; n < 250; n += 1) issue(ticket.key).comments.push({ id: `c${n}`, body: other, created: AT });

    await aWorker().addComment(ticket, { commentId: 'L1', at: AT, lines: ['first'] });

    expect(issue(ticket.key).comments).toHaveLength(251);
  });

  it('sends 400 lines of 200 characters as four comments that Jira takes, each once', async () => {
    const ticket = await aWorker().ensureTicket(aTicket());
    const lines = Array.from({ length: 400 }, (_, n) => `${n} `.padEnd(200, 'x'));

    for (let n = 0; n < 2; n += 1) await aWorker().addComment(ticket, { commentId: 'L1', at: AT, lines });

    const bodies = issue(ticket.key).comments.map(({ body }) => body);
    expect(bodies).toHaveLength(4);
    expect(bodies.map(documentProblem)).toEqual([undefined, undefined, undefined, undefined]);
    const numbers = bodies.flatMap((body) => [...textOf(body).matchAll(/^(\d+) x/gm)].map(([, n]) => Number(n)));
    expect(numbers).toEqual(Array.from({ length: 400 }, (_, n) => n));
  });

  it('are not taken for sent because foreign text carries the mark of another', async () => {
    const ticket = await aWorker().ensureTicket(aTicket());
    await aWorker().addComment(ticket, { commentId: 'L1', at: AT, lines: ['tourniquet L2'] });

    await aWorker().addComment(ticket, { commentId: 'L2', at: AT, lines: ['second'] });

    expect(issue(ticket.key).comments).toHaveLength(2);
  });
});

describe('what Jira will not take', () => {
  it('is a workflow without a way to done: the failure names what is offered', async () => {
    const ticket = await aWorker().ensureTicket(aTicket());
    const field = {
      required: true,
      hasDefaultValue: false,
      key: 'root',
      name: 'Root cause',
      operations: ['set'],
      schema: { type: 'string' },
    };
    stub.store.workflow = [{ id: '31', name: 'Finish', from: ['Backlog'], to: 'Finished', fields: { customfield_10010: field } }];

    await expect(aWorker().setStatus(ticket, 'closed')).rejects.toMatchObject({
      type: 'TicketRejected',
      nonRetryable: true,
      message: expect.stringMatching(/Finish needs customfield_10010/),
    });
  });

  it('is an issue type that the project has not: the failure names the field', async () => {
    allowed = /issuetype/;
    await expect(aWorker({ issueType: 'Incident' }).ensureTicket(aTicket())).rejects.toMatchObject({
      type: 'TicketRejected',
      message: expect.stringMatching(/issuetype: valid issue type is required/),
    });
  });

  it('is a key that is none: it never becomes a path', async () => {
    for (const key of ['../user', 'SEC-1/../../x', 'SEC-1?x=y', '']) {
      await expect(aWorker().setStatus({ key, url: '' }, 'closed')).rejects.toMatchObject({ type: 'InvalidPayload' });
    }
    expect(stub.calls).toEqual([]);
  });
});

describe('check', () => {
  it('names every missing right, and a missing issue type', async () => {
    stub.store.rights.delete('EDIT_ISSUES');
    stub.store.rights.delete('CREATE_ATTACHMENTS');

    expect(await aWorker({ issueType: 'Incident' }).check()).toEqual([
      'no permission EDIT_ISSUES in SEC',
      'no permission CREATE_ATTACHMENTS in SEC',
      'project SEC has no issue type Incident',
    ]);
  });

  it('says that the sign-in is wrong without the token', async () => {
    const [missing = '', ...rest] = await aWorker({ token: 'another-secret' }).check();

    expect(rest).toEqual([]);
    expect(missing).toMatch(/401.*token is wrong/);
    expect(missing).not.toContain('another-secret');
  });
});

it('refuses plain HTTP to anywhere but this machine', () => {
  expect(() => aWorker({ url: 'http://jira.example.com' })).toThrow(/https/);
  expect(() => aWorker({ url: 'https://jira.example.com/jira' })).not.toThrow();
});

it('puts the address of a Jira below a path together right', async () => {
  const seen: string[] = [];
  const spy: typeof fetch = (input) => {
    seen.push(input instanceof URL ? input.href : 'no URL');
    return Promise.resolve(new Response('{"accountId":"a","active":true}', { status: 200 }));
  };
  const settings = { url: 'https://jira.example.com/jira/', ...ACCOUNT, project: 'SEC', issueType: 'Task' };

  await createJiraTickets(settings, { fetch: spy }).check();

  expect(seen[0]).toBe('https://jira.example.com/jira/rest/api/3/myself');
});
