import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { IncidentState } from '../../src/contracts/incident.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import type { IncidentTicket } from '../../src/contracts/ticket.js';
import { newFollowUp } from '../../src/domain/engine/follow-up.js';
import { aVerdict } from '../fixtures/builders.js';
import { createRig, type Rig, type Run } from './rig.js';

const DAY_MS = 86_400_000;
const STEPS = ['documentation', 'lessonsLearned', 'updateDetection', 'preventativeMeasures', 'training'];

let rig: Rig;
let tickets: IncidentTicket[];
beforeAll(async () => {
  rig = await createRig();
});
beforeEach(() => {
  tickets = [];
  rig.answers.verdict = () => aVerdict('confirmed', 90);
  rig.answers.createTicket = (ticket) => {
    tickets.push(ticket);
    return Promise.resolve({ key: ticket.incidentId, url: 'file:///none' });
  };
  rig.answers.updateTicket = ({ subTasks }) =>
    Promise.resolve({ subTasks: subTasks.map(({ taskId }) => ({ taskId, key: `SUB-${taskId}`, done: false })) });
});
afterAll(() => rig.close());

test('a one-month clock of `followUp`: five steps told at half-time, due soon and breach to their owners; pause, note, complete and skip work; closed when all are done', async () => {
  const incident = await recovered('auto-month');
  const { recoveredAt = '' } = await incident.state();
  const run = rig.followUpOf(incident);
  const opened = await run.until('five tasks', ({ tasks }) => tasks.length === 5);
  const sleepUntil = async (days: number): Promise<void> => {
    const leftMs = Date.parse(recoveredAt) + days * DAY_MS - (await rig.env.currentTimeMs());
    await rig.env.sleep(leftMs);
  };
  const end = (taskOf: string, choice: 'done' | 'skip', reason: string): Promise<unknown> =>
    run.task('manual', taskOf).then(({ taskId }) => run.act({ act: 'decide', subject: 'alex', taskId, choice, reason }));

  await sleepUntil(1.1);
  const breached = await run.until('the documentation is late', ({ clocks }) => clocks.some(({ breachedAt }) => breachedAt !== undefined));
  await end('documentation', 'done', 'written up');
  await run.act({ act: 'note', subject: 'alex', text: 'the review is on Thursday' });
  const untilAt = new Date((await rig.env.currentTimeMs()) + 2 * DAY_MS).toISOString();
  await run.act({ act: 'pause', subject: 'alex', clockId: 'updateDetection', reason: 'the log source is being moved', untilAt });
  await end('preventativeMeasures', 'skip', 'part of a running project');
  await sleepUntil(6.5);
  await end('lessonsLearned', 'done', 'held');
  await sleepUntil(13);
  await end('updateDetection', 'done', 'two rules');
  await sleepUntil(23);
  await end('training', 'done', 'in the next course');
  const result = await run.result();
  const state = await run.state();
  const replayed = await rig.replay(`follow-up/${incident.incidentId}`);

  expect(opened.tasks.map(({ stepId }) => stepId)).toEqual(STEPS);
  expect(opened.clocks.map(({ stepId, minutes, startAt }) => ({ stepId, days: minutes / 1440, startAt }))).toEqual([
    { stepId: 'documentation', days: 1, startAt: recoveredAt },
    { stepId: 'lessonsLearned', days: 7, startAt: recoveredAt },
    { stepId: 'updateDetection', days: 14, startAt: recoveredAt },
    { stepId: 'preventativeMeasures', days: 14, startAt: recoveredAt },
    { stepId: 'training', days: 30, startAt: recoveredAt },
  ]);
  for (const stepId of ['documentation', 'lessonsLearned'])
    expect(opened.tasks.find((task) => task.stepId === stepId)?.lookAt).toContain(
      `review document, prefilled: ${run.incidentId}/review/review.md (working copies)`,
    );
  expect(told(run, 'incident-management', recoveredAt)).toEqual([
    'task at day 0.00',
    'warning at day 0.50',
    'warning at day 0.75',
    'breach at day 1.00',
  ]);
  expect(told(run, 'security-team', recoveredAt)).toEqual(['task at day 0.00', 'warning at day 3.50', 'warning at day 5.25']);
  // Two days of pause move its rungs; it is done before it is due soon.
  expect(told(run, 'security-engineering', recoveredAt)).toEqual(['task at day 0.00', 'warning at day 9.00', 'warning at day 12.50']);
  expect(told(run, 'security-architecture', recoveredAt)).toEqual(['task at day 0.00']);
  expect(told(run, 'security-training', recoveredAt)).toEqual(['task at day 0.00', 'warning at day 15.00', 'warning at day 22.50']);
  expect(breached.clocks.find(({ stepId }) => stepId === 'documentation')?.breachedAt).toBe(
    new Date(Date.parse(recoveredAt) + DAY_MS).toISOString(),
  );
  expect(Object.fromEntries(STEPS.map((step) => [step, state.steps[step]?.status]))).toEqual({
    documentation: 'done',
    lessonsLearned: 'done',
    updateDetection: 'done',
    preventativeMeasures: 'skipped',
    training: 'done',
  });
  expect(state.journal.map(({ text }) => text)).toContain('the review is on Thursday');
  expect(state.ladder.pages).toEqual([]);
  expect(result).toMatchObject({ incidentId: run.incidentId, outcome: 'resolved' });
  expect(tickets.map(({ incidentId }) => incidentId)).toEqual([run.incidentId]);
  expect(Math.max(...replayed.map(({ events }) => events))).toBeLessThanOrEqual(600);
  process.stdout.write(`\nfollow-up of 23 days: ${replayed.length} runs of ${replayed.map(({ events }) => events).join(', ')} events\n`);
});

test('a false positive that had been acted on has a follow-up, its clocks count from the close; one that nobody acted on has none', async () => {
  const acted = await rig.open({ name: 'auto-false' });
  await acted.until('contain is done', ({ steps }) => steps['contain']?.status === 'done');
  const asked = await acted.act({ act: 'request', subject: 'alex', what: 'restore', target: '', reason: 'a planned test' });
  for (const subject of ['mara', 'lea']) await acted.approve(asked.taskId ?? '', subject);
  const { outcome, closedAt } = await acted.result();
  const run = rig.followUpOf(acted);
  const state = await run.until('five tasks', ({ tasks }) => tasks.length === 5);
  rig.answers.verdict = () => aVerdict('benign', 10);
  const untouched = await rig.open({ name: 'benign' });
  await untouched.result();

  expect(outcome).toBe('benign');
  expect(new Set(state.clocks.map(({ startAt }) => startAt))).toEqual(new Set([closedAt]));
  expect(state.principals).toEqual([]);
  await expect(rig.followUpOf(untouched).state()).rejects.toThrow();
});

test('continue-as-new every 60 events: tasks and clocks stay, nobody is told twice, one ticket, one review; a failed review is said in the tasks', async () => {
  let reviews = 0;
  rig.answers.prepareReview = () => {
    reviews += 1;
    throw Object.assign(new Error('there is no record'), { name: 'TargetNotFound' });
  };
  const incident = await recovered('auto-rolls');
  const other = { ...(await incident.state()), incidentId: 'INC-20261122-R0LLS000' };
  await rig.env.client.workflow.start('followUp', {
    workflowId: `follow-up/${other.incidentId}`,
    taskQueue: MAIN_TASK_QUEUE,
    args: [{ state: newFollowUp(other, await rig.env.currentTimeMs()), continueAsNewAfterEvents: 60 }],
  });
  const run = rig.followUpOf({ ...incident, incidentId: other.incidentId });
  await rig.env.sleep('11m'); // The record store is tried for ten minutes.
  const before = await run.until('five tasks and a ticket', ({ tasks, ticket }) => tasks.length === 5 && ticket !== undefined);
  const toldBefore = run.sentTo('security-team').length;
  const reviewsBefore = reviews;
  for (let n = 0; n < 60 && (await run.state()).runs < 3; n += 1)
    await run.act({ act: 'note', subject: 'alex', text: `note ${n}` }, `note-${n}`);
  const after = await run.until('a third run', ({ runs }) => runs >= 3);
  for (const stepId of STEPS) {
    const { taskId } = await run.task('manual', stepId);
    await run.act({ act: 'decide', subject: 'alex', taskId, choice: 'done', reason: 'done' });
  }
  const { outcome } = await run.result();
  const replayed = await rig.replay(`follow-up/${other.incidentId}`);

  expect(open(after)).toEqual(open(before));
  expect(after.clocks).toEqual(before.clocks);
  expect(before.tasks[0]?.lookAt).toContain('the review document could not be prefilled: see the journal');
  expect(run.sentTo('security-team')).toHaveLength(toldBefore);
  expect(tickets.filter(({ incidentId }) => incidentId === run.incidentId)).toHaveLength(1);
  expect(reviews).toBe(reviewsBefore);
  expect(outcome).toBe('resolved');
  expect(replayed.length).toBeGreaterThanOrEqual(3);
});

/** An incident whose every step is done: recovered, and holding. */
async function recovered(name: string): Promise<Run> {
  const run = await rig.open({ name });
  await run.until('contain is done', ({ steps }) => steps['contain']?.status === 'done');
  for (let state = await run.state(); open(state).length > 0; state = await run.state())
    for (const { taskId } of open(state)) await run.act({ act: 'decide', taskId, subject: 'alex', choice: 'done', reason: '' });
  await run.until('the follow-up is started', ({ followUpId }) => followUpId !== undefined);
  return run;
}

function open({ tasks }: IncidentState): IncidentState['tasks'] {
  return tasks.filter(({ closedAt }) => closedAt === undefined);
}

/** What a team was sent, and when: days after recovery. */
function told(run: Run, team: string, from: string): string[] {
  return run
    .sentTo(team)
    .map(({ notification: { kind, at } }) => `${kind} at day ${((Date.parse(at) - Date.parse(from)) / DAY_MS).toFixed(2)}`);
}
