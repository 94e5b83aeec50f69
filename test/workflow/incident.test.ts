import { afterAll, beforeAll, expect, test } from 'vitest';
import { aVerdict } from '../fixtures/builders.js';
import { createRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
});
afterAll(() => rig.close());

test('a suspected finding that a person confirms is contained, every manual step done, and closes as resolved after the release', async () => {
  rig.answers.verdict = () => aVerdict('suspected', 45);
  const run = await rig.open({ name: 'auto-confirm' });
  const decision = await run.task('decision', 'validate');
  await run.act({ act: 'decide', taskId: decision.taskId, subject: 'alex', choice: 'confirm', reason: 'not our address' });
  await run.until('contain is done', ({ steps }) => steps['contain']?.status === 'done');

  for (let open = await run.state(); open.tasks.some(({ closedAt }) => closedAt === undefined); open = await run.state()) {
    for (const task of open.tasks.filter(({ closedAt }) => closedAt === undefined))
      await run.act({ act: 'decide', taskId: task.taskId, subject: 'alex', choice: 'done', reason: '' });
  }
  const holding = await run.until('it holds', ({ phase }) => phase === 'holding');
  await run.view({ state: 'released', headline: 'hold over', inForce: [], releasedAt: new Date().toISOString() });
  const result = await run.result();

  expect(holding.recoveredAt).toBeDefined();
  expect(result).toMatchObject({ outcome: 'resolved' });
  expect((await run.orders()).map(({ order }) => order)).toEqual(['proceed']);
});
