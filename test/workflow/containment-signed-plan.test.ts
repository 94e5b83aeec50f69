import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permanent } from '../../src/contracts/failures.js';
import type { GateInput } from '../../src/contracts/guard.js';
import { containmentOrderSignal, containmentQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { containmentIdFor } from '../../src/contracts/principal.js';
import { anAlert } from '../fixtures/builders.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
import { aContainmentInput, aPlan, type Calls, CONFIGURATION, startContainmentWorkers, written } from './containment-rig.js';

const OWNER = 'signed-plan-owner';
const FIRST = 'a'.repeat(64);
const SECOND = 'b'.repeat(64);

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await createTimeSkipping();
});
afterAll(() => env.teardown());

test('consents for the first plan let nothing of the second be written: people are asked again, and the watch goes on under the first', async () => {
  const calls: Calls = { watch: 0, lookup: 0, write: 0 };
  const plans = [FIRST, SECOND, SECOND, SECOND];
  const watchedUnder = new Set<string>();
  const keyWrites: string[] = [];
  const gate = ({ consents }: GateInput) =>
    Promise.resolve({ decision: consents >= 1 ? ('go' as const) : ('consent' as const), quorum: 1, mode: 'auto' as const, reason: 'A1' });
  const workers = await startContainmentWorkers(env, {
    calls,
    overrides: {
      askGuard: gate,
      reserveContainment: gate,
      planContainment: async ({ principal, incidentId }) => {
        const at = new Date(await env.currentTimeMs()).toISOString();
        const planSha256 = plans.shift() ?? SECOND;
        return { ...aPlan({ principal, incidentId, at }), tier: 'A1', quorum: 1, planSha256 };
      },
      deactivateAccessKey: async (input) => {
        keyWrites.push(input.approvedPlan.planSha256);
        if (input.approvedPlan.planSha256 === FIRST) throw permanent('PermissionDenied', 'iam:UpdateAccessKey is not allowed');
        return written(input, new Date(await env.currentTimeMs()).toISOString());
      },
      watchContainment: ({ rounds, approvedPlan }) => {
        watchedUnder.add(approvedPlan.planSha256);
        return Promise.resolve({
          configuration: CONFIGURATION,
          rounds: 1,
          drifts: [],
          growth: [],
          ended: rounds === 'once' ? 'once' : 'configured',
        });
      },
    },
  });
  const signed = { order: 'proceed' as const, authority: { by: 'people' as const, consents: ['a.b.c'], alerts: [anAlert()] } };
  const input = await aContainmentInput('signed-plan', OWNER);
  const workflowId = containmentIdFor(input.principal.lockId);
  await env.client.workflow.start('viewKeeper', { workflowId: OWNER, taskQueue: MAIN_TASK_QUEUE, args: [] });
  const handle = await env.client.workflow.start('containPrincipal', { workflowId, taskQueue: MAIN_TASK_QUEUE, args: [input] });
  await handle.signal(containmentOrderSignal, { order: 'proceed', authority: { by: 'alert', alert: anAlert() } });
  await env.sleep('30s');
  await handle.signal(containmentOrderSignal, signed);
  await env.sleep('1m');

  await handle.signal(containmentOrderSignal, { order: 'retry' });
  await env.sleep('5m');
  const asked = await handle.query(containmentQuery);
  const watchedWhileAsked = [...watchedUnder];
  await handle.signal(containmentOrderSignal, signed);
  await env.sleep('5m');
  const done = await handle.query(containmentQuery);
  await workers.stop();

  expect(asked.view.state).toBe('needsConsent');
  expect(asked.view.needs[0]?.consent?.planSha256).toBe(SECOND);
  expect(watchedWhileAsked).toEqual([FIRST]);
  expect(keyWrites).toEqual([FIRST, SECOND]);
  expect(done.view.failedMeasures).toEqual([]);
  expect([...watchedUnder]).toEqual([FIRST, SECOND]);
});
