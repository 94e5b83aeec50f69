import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { containmentOrderSignal, containmentQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { containmentIdFor } from '../../src/contracts/principal.js';
import { HISTORY_BUDGETS } from '../../src/drill/history-sizes.js';
import { anAlert } from '../fixtures/builders.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
import { aContainmentInput, startContainmentWorkers } from './containment-rig.js';
import { viewsQuery } from './hold-workflows.js';

const HOLD_HOURS = 36;
const OWNER = 'hold-owner';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await createTimeSkipping();
});
afterAll(() => env.teardown());

test('a hold of 36 hours by waits.yaml rolls over in runs of at most 400 events; no claim is lost, repeated or withdrawn', async () => {
  const calls = { watch: 0, lookup: 0, write: 0 };
  const workers = await startContainmentWorkers(env, { calls });
  const input = await aContainmentInput('long-hold', OWNER);
  const workflowId = containmentIdFor(input.principal.lockId);
  const owner = await env.client.workflow.start('viewKeeper', { workflowId: OWNER, taskQueue: MAIN_TASK_QUEUE, args: [] });
  const handle = await env.client.workflow.start('containPrincipal', { workflowId, taskQueue: MAIN_TASK_QUEUE, args: [input] });
  await handle.signal(containmentOrderSignal, { order: 'proceed', authority: { by: 'alert', alert: anAlert() } });
  for (let hour = 0; hour < HOLD_HOURS; hour += 1) await env.sleep('1h');
  const state = await env.client.workflow.getHandle(workflowId).query(containmentQuery);
  const views = await owner.query(viewsQuery);
  const runs = await runLengths(workflowId);
  await workers.stop();
  process.stdout.write(
    `\nhold of ${HOLD_HOURS} h: ${state.checks} checks in ${runs.length} runs of ${runs.join(', ')} events (budget ${HISTORY_BUDGETS.containment.budgetEvents}), ${views.length} signals to the incident\n`,
  );

  expect(state.view.state).toBe('proven');
  expect(state.checks).toBeGreaterThan(70);
  expect(runs.length).toBe(state.runs);
  expect(runs.length).toBeGreaterThan(1);
  expect(Math.max(...runs)).toBeLessThanOrEqual(HISTORY_BUDGETS.containment.budgetEvents);
  expect(state.results).toHaveLength(2);
  expect(calls.write).toBe(2);
  expect(state.view.withdrawn).toBe(0);
  expect(views.filter(({ state: where }) => where === 'proven')).toHaveLength(1);
  expect(new Set(views.map(({ revision }) => revision)).size).toBe(views.length);
});

/** Events of every run, oldest first, followed by the ids in their continued-as-new events. */
async function runLengths(workflowId: string): Promise<number[]> {
  const lengths: number[] = [];
  let runId = (await env.client.workflow.getHandle(workflowId).describe()).runId;
  for (;;) {
    const { events } = await env.client.workflow.getHandle(workflowId, runId).fetchHistory();
    lengths.unshift(events?.length ?? 0);
    const before = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (before === undefined || before === null || before === '') return lengths;
    runId = before;
  }
}
