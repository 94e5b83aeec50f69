import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert, IntakeResult } from '../../src/contracts/alert.js';
import { permanent } from '../../src/contracts/failures.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { anAlert, aPrincipal, aResolution } from '../fixtures/builders.js';
import { createRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig();
});
afterAll(() => rig.close());

const CALL = { eventName: 'CreateUser', service: 'iam', caller: 'IAMUser', refused: false, at: '2026-11-22T10:00:00.000Z' };
const ALARM = { name: 'NewUsers', metrics: [], fromAt: '2026-11-22T09:50:00.000Z', toAt: '2026-11-22T10:00:00.000Z' };

async function intake(change: Partial<Alert>, workflowId = `alert/test/${randomUUID()}`): Promise<IntakeResult> {
  const incidentId = `INC-20261122-${randomUUID().slice(0, 8).toUpperCase()}`;
  const alert = anAlert({ alertId: randomUUID(), ...change });
  return rig.env.client.workflow.execute<(input: unknown) => Promise<IntakeResult>>('alertIntake', {
    workflowId,
    taskQueue: MAIN_TASK_QUEUE,
    args: [{ alert, incidentId }],
  });
}

/** Whose incident each alert is of: its user name. */
function byUserName(): void {
  rig.answers.resolve = ({ hints }) => Promise.resolve(aResolution(aPrincipal(hints.userName ?? 'nobody')));
}

test('a call that is usual for its principal ends as ignored, and nobody is looked for', async () => {
  const asked: string[] = [];
  rig.answers.judge = (alert) => Promise.resolve({ ...alert, disposition: 'ignore', reason: 'usual for its principal' });
  rig.answers.resolve = ({ alertId }) => {
    asked.push(alertId);
    return Promise.resolve(aResolution());
  };

  expect(await intake({ source: 'cloudtrail', call: CALL })).toEqual({ outcome: 'ignored', reason: 'usual for its principal' });
  expect(asked).toEqual([]);
});

test('the incident gets a call as it was judged, with its new score', async () => {
  byUserName();
  rig.answers.judge = (alert) =>
    Promise.resolve({ ...alert, disposition: 'open', facts: { ...alert.facts, score: 9 }, severity: 'CRITICAL' });

  const result = await intake({ source: 'cloudtrail', call: CALL, hints: { userName: `judged-${randomUUID().slice(0, 6)}` } });
  const state = await rig.env.client.workflow.getHandle(result.workflowId ?? '').query<{ severity: string }>('incident');

  expect(result.outcome).toBe('opened');
  expect(state.severity).toBe('CRITICAL');
});

test('a call that cannot be judged opens as it came, with the reason in its outcome', async () => {
  byUserName();
  rig.answers.judge = () => Promise.reject(permanent('PermissionDenied', 'cloudtrail:LookupEvents is missing'));

  const result = await intake({
    source: 'cloudtrail',
    call: CALL,
    disposition: 'review',
    hints: { userName: `unjudged-${randomUUID().slice(0, 6)}` },
  });

  expect(result).toMatchObject({ outcome: 'opened', reason: expect.stringContaining('not judged by its past: PermissionDenied') });
});

test('an alarm about two principals starts an intake for each; told again it starts none, and each opens its own incident', async () => {
  byUserName();
  const run = randomUUID().slice(0, 6);
  const names = [`kim-${run}`, `lou-${run}`];
  const intakes = names.map((userName, index) => ({
    workflowId: `alert/cloudwatch-alarm/${userName}`,
    incidentId: `INC-20261122-ALARM0${index}${run.slice(0, 1).toUpperCase()}`,
    alert: anAlert({ source: 'cloudwatch-alarm', alertId: `alarm#${userName}`, hints: { userName } }),
  }));
  rig.answers.expand = () => Promise.resolve({ intakes, note: '2 principals in 5 log lines' });

  const [first, again] = [await intake({ alarm: ALARM }), await intake({ alarm: ALARM })];
  const outcomes = await Promise.all(intakes.map(({ workflowId }) => rig.env.client.workflow.getHandle(workflowId).result()));

  expect([first, again]).toEqual(Array.from({ length: 2 }, () => ({ outcome: 'expanded', reason: '2 principals in 5 log lines' })));
  expect(outcomes).toMatchObject(
    intakes.map(({ incidentId }, index) => ({ outcome: 'opened', incidentId, workflowId: `incident/111122223333/user/${names[index]}` })),
  );
});

test.each([
  ['found nobody', () => Promise.resolve({ intakes: [], note: 'no metric filter feeds the alarm' }), 'no metric filter feeds the alarm'],
  [
    'may not read the log',
    () => Promise.reject(permanent('PermissionDenied', 'logs:FilterLogEvents is missing')),
    'its log group could not be read',
  ],
])('an alarm that %s is one incident for review, with the reason', async (_, expand, reason) => {
  rig.answers.expand = expand;
  rig.answers.resolve = ({ alertId }) =>
    Promise.resolve({ found: false, why: 'unknown', detail: 'names nobody', lockId: `incident/alert/cloudwatch-alarm/${alertId}` });

  const result = await intake({ source: 'cloudwatch-alarm', alarm: ALARM, disposition: 'review', hints: {} });

  expect(result).toMatchObject({ outcome: 'opened', workflowId: expect.stringContaining('incident/alert/cloudwatch-alarm/') });
  expect(result.reason).toContain(reason);
});

test('every intake replays with the code as it is', async () => {
  byUserName();
  rig.answers.judge = (alert) => Promise.resolve({ ...alert, disposition: 'ignore', reason: 'usual' });
  const ids = [`alert/test/${randomUUID()}`, `alert/test/${randomUUID()}`];
  await intake({ call: CALL }, ids[0]);
  rig.answers.expand = () => Promise.resolve({ intakes: [], note: 'nobody' });
  await intake({ alarm: ALARM, hints: { userName: `replayed-${randomUUID().slice(0, 6)}` } }, ids[1]);

  for (const id of ids) expect(await rig.replay(id)).toHaveLength(1);
});
