import { afterAll, beforeAll, expect, test } from 'vitest';
import { aVerdict, SHA } from '../fixtures/builders.js';
import { createRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
  rig.answers.verdict = () => aVerdict('confirmed', 90);
});
afterAll(() => rig.close());

test('continue-as-new at 200 events with a consent and manual tasks open and a clock paused: nothing is lost, repeated or told again', async () => {
  const run = await rig.open({ name: 'rolls', rollAfter: 200 });
  await run.until('proceed was ordered', ({ proceeded }) => proceeded?.length === 1);
  const need = {
    needId: 'n',
    kind: 'consent',
    title: 'Consent to contain',
    lookAt: [],
    choices: ['approve', 'reject'],
    consent: { action: 'contain', tier: 'A2', quorum: 2, planSha256: SHA, expiresAt: '2030-01-01T00:00:00.000Z' },
  } as const;
  await run.view({
    state: 'needsConsent',
    headline: 'waits for consent; not proven',
    needs: [{ ...need, lookAt: [], choices: ['approve', 'reject'] }],
  });
  const consent = await run.task('consent');
  await run.approve(consent.taskId, 'alex');
  const untilAt = new Date((await rig.env.currentTimeMs()) + 6 * 3_600_000).toISOString();
  await run.act({ act: 'pause', subject: 'alex', clockId: 'timeline', reason: 'waiting for AWS Support', untilAt });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = await run.state();
  const told = titles(rig);

  for (let n = 0; n < 60 && (await run.state()).runs === 1; n += 1)
    await run.act({ act: 'note', subject: 'alex', text: `note ${n}` }, `note-${n}`);
  const after = await run.until('a second run', ({ runs }) => runs === 2);
  const repeated = await run.act({ act: 'note', subject: 'alex', text: 'note 0' }, 'note-0');
  await new Promise((resolve) => setTimeout(resolve, 500));
  await run.approve(consent.taskId, 'lea');
  const end = await run.state();

  expect(after.tasks.filter(({ closedAt }) => closedAt === undefined)).toEqual(
    before.tasks.filter(({ closedAt }) => closedAt === undefined),
  );
  expect(after.clocks).toEqual(before.clocks);
  expect(after.clocks.find(({ stepId }) => stepId === 'timeline')?.pause?.untilAt).toBe(untilAt);
  expect(titles(rig)).toEqual(told);
  expect((await rig.env.client.workflow.getHandle(run.principal.lockId.replace('incident/', 'containment/')).describe()).status.name).toBe(
    'RUNNING',
  );
  expect(repeated.message).toBe('noted');
  expect(end.journal.filter(({ text }) => text === 'note 0')).toHaveLength(1);
  expect((await run.orders()).map(({ order }) => order)).toEqual(['proceed', 'proceed']);
  expect((await run.orders()).at(-1)).toMatchObject({ authority: { consents: [expect.any(String), expect.any(String)] } });
});

function titles({ sent }: Rig): string[] {
  return sent
    .map(({ notification }) => `${notification.notificationId} ${notification.kind} ${notification.team}: ${notification.title}`)
    .toSorted();
}
