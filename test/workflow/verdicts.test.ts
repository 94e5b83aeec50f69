import { afterAll, beforeAll, expect, test } from 'vitest';
import { permanent } from '../../src/contracts/failures.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { aResolution, aVerdict } from '../fixtures/builders.js';
import { createRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
});
afterAll(() => rig.close());

test('suspected and undecided after 30 minutes: the rule is named, the containment acts by rule, and a later answer is still heard', async () => {
  rig.answers.verdict = () => aVerdict('suspected', 45);
  const run = await rig.open({ name: 'undecided' });
  const task = await run.task('decision');
  await rig.env.sleep('31m');
  const state = await run.until('the rule speaks', ({ mayProceed }) => mayProceed === 'rule');
  const byRule = await run.orders();
  const late = await run.act({
    act: 'decide',
    taskId: task.taskId,
    subject: 'alex',
    choice: 'confirm',
    reason: 'confirmed with the owner',
  });
  await run.until('validate is done', ({ steps }) => steps['validate']?.status === 'done');

  expect(byRule).toMatchObject([{ order: 'proceed', authority: { by: 'rule', ruleId: 'suspected-no-answer', version: '1' } }]);
  expect(state.journal.map(({ who }) => who)).toContain('rule suspected-no-answer v1');
  expect(late.accepted).toBe(true);
});

test('a benign finding closes with the sum of its signals, releases the claim and pages nobody', async () => {
  rig.answers.verdict = () => aVerdict('benign', 10);
  const run = await rig.open({ name: 'benign' });
  const result = await run.result();

  expect(result.outcome).toBe('benign');
  expect(result.reason).toContain('sum 10');
  expect((await run.orders()).map(({ order }) => order)).toEqual(['release']);
  expect(rig.sent.filter(({ notification }) => notification.incidentId === run.incidentId)).toHaveLength(0);
});

test('the same delivery ten times changes nothing, a second source joins the incident and reaches the containment', async () => {
  rig.answers.verdict = () => aVerdict('suspected', 45);
  const run = await rig.open({ name: 'twice' });
  await run.task('decision');
  for (let n = 0; n < 10; n += 1) await run.send(run.alert);
  const once = await run.state();
  await run.send({ ...run.alert, source: 'health', alertId: 'health-1', facts: { ...run.alert.facts, publicExposure: true } });
  const twice = await run.until('the second alert', ({ alerts }) => alerts.total === 2);
  await run.until('facts sent', ({ factsSent }) => factsSent?.includes('health') === true);

  expect(once.alerts.total).toBe(1);
  expect(twice.alerts.bySource).toEqual({ guardduty: 1, health: 1 });
  expect((await run.orders()).map(({ order }) => order)).toContain('newFacts');
});

test('a sample is ignored, a foreign key is rejected, an unreadable principal opens for review with validate blocked', async () => {
  const { env } = rig;
  const run = await rig.open({ name: 'other' });
  const intake = (change: object): Promise<unknown> =>
    env.client.workflow.execute('alertIntake', {
      workflowId: `alert/${Math.random()}`,
      taskQueue: 'tourniquet',
      args: [{ alert: { ...run.alert, ...change }, incidentId: 'INC-20261122-INTAKE01' }],
    });
  rig.answers.resolve = () =>
    Promise.resolve({ found: false, why: 'foreign', detail: 'account 999999999999 is not ours', lockId: 'incident/x/key/AKIA' });
  const sample = await intake({ sample: true, disposition: 'ignore', reason: 'a sample finding' });
  const foreign = await intake({ alertId: 'f-2' });
  rig.answers.resolve = () => Promise.reject(permanent('PermissionDenied', 'iam:GetUser is missing'));
  const unreadable = await intake({ alertId: 'f-3' });
  const handle = env.client.workflow.getHandle('incident/111122223333/key/AKIAEXAMPLEKEY000001');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const state = await handle.query<{ steps: Record<string, { status: string }> }>('incident');

  expect(sample).toMatchObject({ outcome: 'ignored', reason: 'a sample finding' });
  expect(foreign).toMatchObject({ outcome: 'rejected' });
  expect(unreadable).toMatchObject({
    outcome: 'opened',
    workflowId: 'incident/111122223333/key/AKIAEXAMPLEKEY000001',
    incidentId: 'INC-20261122-INTAKE01',
  });
  expect(state.steps['validate']?.status).toBe('blocked');
});

test('a second incident on a principal that is held forwards its alerts and closes as joined', async () => {
  rig.answers.verdict = () => aVerdict('suspected', 45);
  const run = await rig.open({ name: 'held' });
  await run.until('it is claimed', ({ scope }) => Object.keys(scope).length === 1);
  const input = {
    incidentId: 'INC-20261122-SECOND01',
    playbookId: 'compromised-credentials',
    openedAt: run.alert.receivedAt,
    clockStartAt: run.alert.detectedAt,
  };
  const other = await rig.env.client.workflow.signalWithStart('incidentResponse', {
    workflowId: `incident/111122223333/key/${run.incidentId}`,
    taskQueue: MAIN_TASK_QUEUE,
    args: [input],
    signal: 'alertReceived',
    signalArgs: [{ ...run.alert, alertId: 'of-the-key' }, aResolution(run.principal)],
  });
  const result: unknown = await other.result();
  const state = await run.until('the alert was forwarded', ({ alerts }) => alerts.total === 2);

  expect(result).toMatchObject({ outcome: 'joined' });
  expect(state.phase).toBe('triage');
  expect((await run.orders()).map(({ order }) => order)).not.toContain('release');
});

test('an incident that is gone leaves its containment behind, and the next one takes it over', async () => {
  rig.answers.verdict = () => aVerdict('suspected', 45);
  const run = await rig.open({ name: 'adopted' });
  await run.task('decision');
  await run.handle.terminate('a test');
  await run.send({ ...run.alert, alertId: 'after' });
  await run.until(
    'the containment reports to the new incident',
    ({ scope, alerts }) => alerts.total === 1 && Object.values(scope).some(({ revision }) => revision >= 0),
  );

  expect((await run.orders()).map(({ order }) => order)).toContain('adopt');
});
