import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPolicies } from '../../src/playbooks/load.js';
import { aVerdict } from '../fixtures/builders.js';
import { createRig, type Rig, type Sent } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
});
beforeEach(() => {
  rig.answers.verdict = () => aVerdict('suspected', 45);
});
afterAll(() => rig.close());

const kinds = (sent: Sent[]): string[] => sent.map(({ notification }) => notification.kind);

test('validate ignored for 24 h: due soon at 22.5 min, breach at 30 min, 3 rungs of the ladder, and at most 6 messages a person', async () => {
  const run = await rig.open({ name: 'ignored' });
  await run.task('decision');
  await rig.env.sleep('24h');
  await rig.env.sleep('5m');
  const state = await run.until('all clocks passed', ({ clocks }) =>
    clocks.filter(({ from }) => from === 'detected').every(({ breachedAt }) => breachedAt !== undefined),
  );

  const people = (await createPolicies('src/playbooks').people()).people;
  const teams = [...new Set(rig.sent.map(({ notification }) => notification.team))];
  const table = people.map((person) => ({
    person: person.subject,
    messages: teams.filter((team) => person.teams.includes(team)).flatMap((team) => run.sentTo(team)).length,
  }));
  console.log(
    'messages per team',
    Object.fromEntries(
      teams.map((team) => [team, run.sentTo(team).map(({ notification }) => `${notification.kind}: ${notification.title}`)]),
    ),
  );
  console.table(table);
  console.log('events', (await run.handle.describe()).historyLength, 'runs', state.runs);
  expect(Math.max(...table.map(({ messages }) => messages))).toBeLessThanOrEqual(6);
  expect(state.ladder.pages.map(({ team }) => team)).toEqual(['security-engineering', 'security-lead', 'ciso']);
  expect(kinds(run.sentTo('security-engineering'))).toEqual(expect.arrayContaining(['page', 'warning', 'breach']));
  expect(
    rig.sent.filter(({ through, notification }) => through === 'recordBreach' && notification.incidentId === run.incidentId),
  ).toHaveLength(12);
  const breach = state.clocks.find(({ stepId }) => stepId === 'validate')?.breachedAt ?? '';
  expect(Date.parse(breach) - Date.parse(state.clockStartAt)).toBe(30 * 60_000);
});

test('an acknowledgement stops the ladder for 30 minutes and it pages the same team again when nothing moved', async () => {
  const run = await rig.open({ name: 'acked' });
  await run.task('decision');
  await run.until('the first page', ({ ladder }) => ladder.pages.length === 1);
  await run.act({ act: 'acknowledge', subject: 'alex' });
  await rig.env.sleep('29m');
  const held = (await run.state()).ladder.pages.length;
  await rig.env.sleep('2m');
  const rearmed = await run.until('the ladder re-arms', ({ ladder }) => ladder.pages.length > 1);
  await rig.env.sleep('15m');
  const climbed = await run.until('the next rung', ({ ladder }) => ladder.pages.length > 2);

  expect(held).toBe(1);
  expect(rearmed.ladder.pages.map(({ team }) => team)).toEqual(['security-engineering', 'security-engineering']);
  expect(climbed.ladder.pages.at(-1)?.team).toBe('security-lead');
});

test('a paused clock keeps quiet, and its deadline moves by the 20 minutes it was paused', async () => {
  const run = await rig.open({ name: 'paused' });
  await run.task('decision');
  const untilAt = new Date((await rig.env.currentTimeMs()) + 40 * 60_000).toISOString();
  const linked = await run.act({ act: 'pause', subject: 'omar', clockId: 'validate', reason: 'waiting for AWS Support', untilAt });
  const paused = await run.act({ act: 'pause', subject: 'alex', clockId: 'validate', reason: 'waiting for AWS Support', untilAt });
  await rig.env.sleep('20m');
  await run.act({ act: 'resume', subject: 'alex', clockId: 'validate' });
  await rig.env.sleep('25m');
  const before = await run.state();
  await rig.env.sleep('10m');
  const after = await run.until('validate breaches', ({ clocks }) =>
    clocks.some(({ stepId, breachedAt }) => stepId === 'validate' && breachedAt !== undefined),
  );

  expect(linked.accepted).toBe(false);
  expect(paused.accepted).toBe(true);
  expect(before.clocks.find(({ stepId }) => stepId === 'validate')?.breachedAt).toBeUndefined();
  const breachedAt = Date.parse(after.clocks.find(({ stepId }) => stepId === 'validate')?.breachedAt ?? '');
  expect(Math.round((breachedAt - Date.parse(after.clockStartAt)) / 60_000)).toBe(50);
});

test('an activity that fails becomes a blocked task that names the failure, and retry goes on', async () => {
  let broken = true;
  rig.answers.verdict = () => {
    if (broken) throw Object.assign(new Error('AccessDenied: iam:ListAccessKeys'), { name: 'PermissionDenied' });
    return aVerdict('confirmed', 90);
  };
  const run = await rig.open({ name: 'auto-blocked' });
  const blocked = await run.handle
    .fetchHistory()
    .then(() => rig.env.sleep('3m'))
    .then(() => run.task('blocked', 'validate'));
  broken = false;
  await run.act({ act: 'decide', taskId: blocked.taskId, subject: 'alex', choice: 'retry', reason: 'permission fixed' });
  const state = await run.until('contain is done', ({ steps }) => steps['contain']?.status === 'done');

  expect(blocked.lookAt[0]).toContain('AccessDenied: iam:ListAccessKeys');
  expect(state.steps['validate']?.status).toBe('done');
});
