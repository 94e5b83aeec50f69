import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContainmentNeed } from '../../src/contracts/containment.js';
import { aVerdict, SHA } from '../fixtures/builders.js';
import { createRig, type Rig, type Run } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
  rig.answers.verdict = () => aVerdict('confirmed', 90);
});
afterAll(() => rig.close());

const consentNeed = (quorum: number): ContainmentNeed => ({
  needId: 'contain-1',
  kind: 'consent',
  title: 'Consent to contain',
  lookAt: ['PutUserPolicy'],
  choices: ['approve', 'reject'],
  consent: { action: 'contain', tier: 'A2', quorum, planSha256: SHA, expiresAt: '2030-01-01T00:00:00.000Z' },
});

async function needing(quorum: number): Promise<Run> {
  const run = await rig.open({ name: 'needs' });
  await run.until('proceed was ordered', ({ proceeded }) => proceeded?.length === 1);
  await run.view({ state: 'needsConsent', headline: 'waits for consent; not proven', needs: [consentNeed(quorum)] });
  return run;
}

test('a plan of tier A2 goes ahead when two different people signed; the same person twice and the linked owner are refused', async () => {
  const run = await needing(2);
  const task = await run.task('consent');
  const first = await run.approve(task.taskId, 'alex');
  const again = await run.approve(task.taskId, 'alex');
  const linked = await run.approve(task.taskId, 'omar');
  const second = await run.approve(task.taskId, 'lea');
  await run.until('the task is closed', ({ tasks }) =>
    tasks.some(({ taskId, outcome }) => taskId === task.taskId && outcome === 'approved'),
  );

  expect([first.accepted, again.accepted, linked.accepted, second.accepted]).toEqual([true, false, false, true]);
  expect((await run.orders()).at(-1)).toMatchObject({
    order: 'proceed',
    authority: { by: 'people', consents: [expect.any(String), expect.any(String)] },
  });
});

test('one rejection leaves the principal uncontained with a blocked task, and askAgain opens the consent anew', async () => {
  const run = await needing(1);
  const task = await run.task('consent');
  await run.approve(task.taskId, 'alex', 'reject');
  const blocked = await run.task('blocked', 'contain');
  const state = await run.state();
  await run.act({ act: 'decide', taskId: blocked.taskId, subject: 'alex', choice: 'askAgain', reason: 'the owner agreed' });
  const anew = await run.task('consent');

  expect(state.steps['contain']?.status).toBe('running');
  expect(anew.taskId).not.toBe(task.taskId);
  expect((await run.orders()).filter(({ order }) => order === 'proceed')).toHaveLength(1);
});

test('skip of contain needs two people besides the one who asks, and a repeated act gets its first answer', async () => {
  const run = await needing(1);
  await run.approve((await run.task('consent')).taskId, 'alex', 'reject');
  const blocked = await run.task('blocked', 'contain');
  const body = { act: 'decide', taskId: blocked.taskId, subject: 'alex', choice: 'skip', reason: 'the account is being closed' } as const;
  const asked = await run.act(body, 'act-1');
  const repeated = await run.act(body, 'act-1');
  const consent = await run.task('consent', 'contain');
  const own = await run.approve(consent.taskId, 'alex');
  await run.approve(consent.taskId, 'mara');
  const one = (await run.state()).steps['contain']?.status;
  await run.approve(consent.taskId, 'lea');
  const state = await run.until('contain is skipped', ({ steps }) => steps['contain']?.status === 'skipped');

  expect(repeated).toEqual(asked);
  expect(own).toMatchObject({ accepted: false, message: expect.stringContaining('alex asked for') });
  expect(one).toBe('running');
  expect(state.steps['contain']?.outcome).toContain('mara and lea');
});

test('restore needs two people other than the owner and the one who asks, then everything is released and the incident closes as a false positive', async () => {
  const run = await rig.open({ name: 'auto-restore' });
  await run.until('contain is done', ({ steps }) => steps['contain']?.status === 'done');
  const byOwner = await run.act({ act: 'request', subject: 'omar', what: 'restore', target: '', reason: 'it was me' });
  const asked = await run.act({ act: 'request', subject: 'alex', what: 'restore', target: '', reason: 'a planned test' });
  const own = await run.approve(asked.taskId ?? '', 'alex');
  await run.approve(asked.taskId ?? '', 'mara');
  const early = await run.orders();
  await run.approve(asked.taskId ?? '', 'lea');
  const result = await run.result();

  expect([byOwner.accepted, own.accepted]).toEqual([false, false]);
  expect(early.map(({ order }) => order)).toEqual(['proceed']);
  expect(result.outcome).toBe('benign');
  expect(result.reason).toContain('false positive');
});

test('a late success withdraws proven: contain runs again and the journal says so', async () => {
  const run = await rig.open({ name: 'auto-withdrawn' });
  await run.until('contain is done', ({ steps }) => steps['contain']?.status === 'done');
  await run.view({ state: 'applied', headline: 'a call succeeded at 10:09; not proven', withdrawn: 1 });
  const state = await run.until('contain runs again', ({ steps }) => steps['contain']?.status === 'running');

  expect(state.journal.some(({ text }) => text.startsWith('PROOF WITHDRAWN'))).toBe(true);
});

test('a cancel request undoes nothing: a task asks why and the incident goes on', async () => {
  const run = await needing(1);
  await run.handle.cancel();
  const task = await run.task('decision');
  await run.act({ act: 'decide', taskId: task.taskId, subject: 'alex', choice: 'goOn', reason: 'a mistake' });
  await run.approve((await run.task('consent')).taskId, 'alex');

  expect((await run.handle.describe()).status.name).toBe('RUNNING');
  expect((await run.orders()).map(({ order }) => order)).toEqual(['proceed', 'proceed']);
});
