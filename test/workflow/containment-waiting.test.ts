import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permanent } from '../../src/contracts/failures.js';
import { containmentOrderSignal, containmentQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { containmentIdFor } from '../../src/contracts/principal.js';
import { anAlert } from '../fixtures/builders.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
import { aContainmentInput, type Calls, CONFIGURATION, startContainmentWorkers } from './containment-rig.js';
import { viewsQuery } from './hold-workflows.js';

const OWNER = 'waiting-owner';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await createTimeSkipping();
});
afterAll(() => env.teardown());

test('while the guard holds the retry of a refused write, what is in force is looked at every minute and a drift is told once', async () => {
  const calls: Calls = { watch: 0, lookup: 0, write: 0 };
  let stopped = false;
  const gate = () =>
    Promise.resolve(
      stopped
        ? { decision: 'hold' as const, quorum: 0, mode: 'auto' as const, reason: 'guard stopped: maintenance' }
        : { decision: 'go' as const, quorum: 0, mode: 'auto' as const, reason: 'mode auto' },
    );
  const workers = await startContainmentWorkers(env, {
    calls,
    overrides: {
      askGuard: gate,
      reserveContainment: gate,
      deactivateAccessKey: () => Promise.reject(permanent('PermissionDenied', 'iam:UpdateAccessKey is not allowed')),
      watchContainment: ({ rounds }) => {
        calls.watch += 1;
        const drift = {
          at: '2026-11-22T10:00:00.000Z',
          measure: 'denyUser' as const,
          target: 'IRQuarantine',
          found: 'null',
          reappliedAt: '2026-11-22T10:00:01.000Z',
        };
        const drifts = stopped && calls.watch === watchedBeforeStop + 1 ? [drift] : [];
        return Promise.resolve({
          configuration: CONFIGURATION,
          rounds: 1,
          drifts,
          growth: [],
          ended: rounds === 'once' ? 'once' : 'configured',
        });
      },
    },
  });
  let watchedBeforeStop = 0;
  const input = await aContainmentInput('held-retry', OWNER);
  const workflowId = containmentIdFor(input.principal.lockId);
  const owner = await env.client.workflow.start('viewKeeper', { workflowId: OWNER, taskQueue: MAIN_TASK_QUEUE, args: [] });
  const handle = await env.client.workflow.start('containPrincipal', { workflowId, taskQueue: MAIN_TASK_QUEUE, args: [input] });
  await handle.signal(containmentOrderSignal, { order: 'proceed', authority: { by: 'alert', alert: anAlert() } });
  await env.sleep('10m');

  watchedBeforeStop = calls.watch;
  stopped = true;
  await handle.signal(containmentOrderSignal, { order: 'retry' });
  await env.sleep('10m');
  const state = await env.client.workflow.getHandle(workflowId).query(containmentQuery);
  const views = await owner.query(viewsQuery);
  await workers.stop();

  expect(calls.watch - watchedBeforeStop).toBeGreaterThanOrEqual(9);
  expect(state.phase).toBe('gate');
  expect(state.view).toMatchObject({ drifts: 1, headline: 'held, nothing more is written: guard stopped: maintenance; not proven' });
  expect(views.flatMap(({ news }) => news).filter((line) => line.startsWith('DRIFT'))).toHaveLength(1);
  expect(views.filter(({ headline }) => headline.startsWith('held')).length).toBeLessThanOrEqual(2);
});
