import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCreateTicket } from '../../activities/tickets/create-ticket.js';
import { createUpdateTicket } from '../../activities/tickets/update-ticket.js';
import { beating } from '../../activities/beating.js';
import { createJiraTickets } from '../../src/adapters/tickets/jira/index.js';
import { aVerdict } from '../fixtures/builders.js';
import type { Fault } from '../fixtures/jira-stub/faults.js';
import { textOf } from '../fixtures/jira-stub/rules.js';
import type { StubIssue } from '../fixtures/jira-stub/store.js';
import { ACCOUNT, JiraStub } from '../fixtures/jira-stub/stub.js';
import { byHand, createRig, type Rig } from './rig.js';

const MINUTE_MS = 60_000;
const CALLS_DOWN = 40;

/** Jira's own wait between attempts makes forty of them last for 50 minutes of the ticket's hour. */
const DOWN: Fault = {
  name: '503 with Retry-After',
  source: 'developer.atlassian.com/cloud/jira/platform/rate-limiting',
  effect: 'none',
  answer: { status: 503, headers: { 'retry-after': '75' }, body: '' },
  failure: 'UpstreamUnavailable',
};

let rig: Rig;
let jira: JiraStub;
beforeAll(async () => {
  [rig, jira] = await Promise.all([createRig(), JiraStub.start()]);
  const { nowMs, sleep } = jira.clock;
  const tickets = createJiraTickets({ url: jira.url, ...ACCOUNT, project: 'SEC', issueType: 'Task' }, { nowMs, sleep });
  rig.answers.verdict = () => aVerdict('confirmed', 90);
  rig.answers.pin = byHand('createTicket');
  rig.answers.createTicket = beating(createCreateTicket({ tickets }));
  rig.answers.updateTicket = beating(createUpdateTicket({ tickets }));
});
afterAll(async () => {
  await rig.close();
  await jira.stop();
});

test('Jira down for its first 40 calls: contained on time, the ticket clock warns, the ticket appears with the whole history', async () => {
  jira.inject({ fault: DOWN, on: () => true, times: CALLS_DOWN });
  const run = await rig.open({ name: 'auto-jira' });
  const contained = await run.until('contain is done', ({ steps }) => steps['contain']?.status === 'done');
  const callsWhenContained = jira.calls.length;
  await rig.env.sleep('46m');
  const warned = await run.until('the ticket is due soon', ({ clocks }) =>
    clocks.some(({ stepId, rungsDone }) => stepId === 'ticket' && rungsDone === 2),
  );
  const struckByThen = jira.struck;
  await rig.env.sleep('8m');
  const ticketed = await run.until('the ticket is there', ({ steps }) => steps['ticket']?.status === 'done');
  await run.act({ act: 'note', subject: 'alex', text: 'Jira is back' });
  await rig.env.sleep('3m');
  const shown = await run.until('the ticket shows everything', ({ ticket, journal }) => ticket?.linesSent === journal.length);
  const [issue, ...others] = jira.store.tickets();
  if (issue === undefined) throw new Error('there is no issue');
  const lines = linesOf(issue);
  const subTasks = jira.store.subTasks(issue).map(({ fields }) => String(fields['summary']));
  const subTask = jira.store.subTasks(issue).find(({ fields }) => /Preserve evidence/.test(String(fields['summary'])));
  if (subTask === undefined) throw new Error('there is no sub-task for the evidence');
  jira.store.move(subTask, 'Finished', 'Sam Analyst');
  await rig.env.sleep('16m');
  const done = await run.until('the evidence is done', ({ steps }) => steps['preserveEvidence']?.status === 'done');

  const minutesOf = (at: string | undefined): number => Math.floor((Date.parse(at ?? '') - Date.parse(contained.clockStartAt)) / MINUTE_MS);
  expect(minutesOf(contained.steps['contain']?.endedAt)).toBe(0);
  expect((await run.orders()).map(({ order }) => order)).toEqual(['proceed']);
  expect(callsWhenContained).toBeLessThan(CALLS_DOWN);
  expect(contained.ticket).toBeUndefined();
  expect(struckByThen).toBeLessThan(CALLS_DOWN);
  expect(warned.journal.map(({ text }) => text)).toEqual(
    expect.arrayContaining([expect.stringContaining('ticket: half of its time is gone'), expect.stringContaining('ticket: due soon')]),
  );
  const warnings = run
    .sentTo('incident-management')
    .filter(({ notification }) => notification.title.startsWith('Create the incident ticket: due at'));
  expect(warnings.map(({ notification: { kind, at } }) => ({ kind, minute: minutesOf(at) }))).toEqual([{ kind: 'warning', minute: 45 }]);

  expect(jira.struck).toBe(CALLS_DOWN);
  expect(others).toEqual([]);
  expect(minutesOf(ticketed.steps['ticket']?.endedAt)).toBeGreaterThanOrEqual(50);
  expect(ticketed.clocks.find(({ stepId }) => stepId === 'ticket')).toMatchObject({ metAt: expect.any(String) });
  expect(ticketed.clocks.find(({ stepId }) => stepId === 'ticket')?.breachedAt).toBeUndefined();
  expect(lines).toEqual(shown.journal.map(({ at, who, text }) => `${at} ${who}: ${text}`));
  expect(subTasks.toSorted()).toEqual(
    shown.tasks
      .filter(({ closedAt }) => closedAt === undefined)
      .map(({ taskId, title }) => `${taskId} · ${title}`)
      .toSorted(),
  );
  const task = done.tasks.find(({ stepId }) => stepId === 'preserveEvidence');
  expect(task?.answers).toMatchObject([{ subject: `Sam Analyst (in ${subTask.key})`, choice: 'done' }]);
  expect(done.steps['preserveEvidence']?.outcome).toContain('Sam Analyst');
  expect(jira.problems).toEqual([]);
});

/** The journal as the comments of an issue show it, first to last. */
function linesOf({ comments }: StubIssue): string[] {
  return comments.flatMap(({ body }) => textOf(body).split('\n')).filter((line) => /^\d{4}-\d\d-\d\dT\S+Z .+: /.test(line));
}
