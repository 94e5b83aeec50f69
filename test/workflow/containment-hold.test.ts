import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../activities/index.js';
import type { ContainmentInput } from '../../src/contracts/containment.js';
import type { MeasureResult, WriteInput } from '../../src/contracts/measure.js';
import { containmentOrderSignal, containmentQuery } from '../../src/contracts/messages.js';
import { LOOKUP_TASK_QUEUE, MAIN_TASK_QUEUE, RESPOND_TASK_QUEUE } from '../../src/contracts/names.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { Configuration, LookupResult, WatchInput } from '../../src/contracts/watch.js';
import { measureCallFor } from '../../src/domain/planning/user-measures.js';
import { HISTORY_BUDGETS } from '../../src/drill/history-sizes.js';
import { anAlert, aPrincipal, SHA } from '../fixtures/builders.js';
import { shippedPolicies } from '../fixtures/policies.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
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
  const workers = await startWorkers(calls);
  const principal = aPrincipal('long-hold');
  const workflowId = principal.lockId.replace('incident/', 'containment/');
  const owner = await env.client.workflow.start('viewKeeper', { workflowId: OWNER, taskQueue: MAIN_TASK_QUEUE, args: [] });
  const input: ContainmentInput = {
    principal,
    incidentId: 'INC-20261122-H01D0000',
    ownerWorkflowId: OWNER,
    waits: await shippedPolicies.waits('waits'),
    alerts: [anAlert()],
  };
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

async function startWorkers(calls: { watch: number; lookup: number; write: number }): Promise<{ stop: () => Promise<void> }> {
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./hold-workflows.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  const activities = fakeActivities(calls);
  const workers = await Promise.all(
    [MAIN_TASK_QUEUE, RESPOND_TASK_QUEUE, LOOKUP_TASK_QUEUE].map((taskQueue) =>
      Worker.create({
        connection: env.nativeConnection,
        taskQueue,
        activities,
        ...(taskQueue === MAIN_TASK_QUEUE ? { workflowBundle } : {}),
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  return {
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
    },
  };
}

const CONFIGURATION: Configuration = { confirmed: true, simulation: 'explicitDeny', keysInactive: true, missing: [], notes: [] };

function fakeActivities(calls: { watch: number; lookup: number; write: number }): Partial<Activities> {
  const now = async (): Promise<string> => new Date(await env.currentTimeMs()).toISOString();
  const go = () => Promise.resolve({ decision: 'go' as const, quorum: 0, mode: 'auto' as const, reason: 'mode auto' });
  const write = async ({ call }: WriteInput): Promise<MeasureResult> => {
    calls.write += 1;
    return { measure: call.measure, target: call.target, changed: true, before: null, after: 'ours', at: await now(), requestIds: [] };
  };
  return {
    planContainment: async ({ principal, incidentId }) => aPlan({ principal, incidentId, at: await now() }),
    askGuard: go,
    reserveContainment: go,
    denyUser: write,
    deactivateAccessKey: write,
    watchContainment: ({ rounds }: WatchInput) => {
      calls.watch += 1;
      return Promise.resolve({ configuration: CONFIGURATION, rounds: 1, drifts: [], ended: rounds === 'once' ? 'once' : 'configured' });
    },
    lookupPrincipalEvents: async ({ firstDenyAt, waits }): Promise<LookupResult> => {
      calls.lookup += 1;
      const at = await now();
      const wantsMs = Date.parse(firstDenyAt) + (waits.quietWindowSeconds + waits.deliveryDelaySeconds) * 1000 - Date.parse(at);
      return {
        coveredUntilAt: at,
        effectiveFromAt: firstDenyAt,
        denied: 0,
        sessionKeyIds: [],
        regions: ['us-east-1'],
        pages: 1,
        proof: {
          state: wantsMs > 0 ? 'applied' : 'proven',
          provenBy: wantsMs > 0 ? [] : ['explicit deny in simulation and every access key Inactive'],
          limits: [`management events, region us-east-1, until ${at}`],
          wantsSeconds: Math.max(0, wantsMs / 1000),
        },
      };
    },
  };
}

function aPlan({ principal, incidentId, at }: { principal: Plan['principal']; incidentId: string; at: string }): Plan {
  const scope = { principal, incidentId };
  return {
    principal,
    tier: 'A0',
    tierReasons: ['AWS reports the key as public'],
    quorum: 0,
    measures: [
      measureCallFor({ measure: 'denyUser', target: '' }, scope),
      measureCallFor({ measure: 'deactivateAccessKey', target: 'AKIAEXAMPLEKEY000001' }, scope),
    ],
    doesNotStop: [],
    blastRadius: { legitimateUseLast24h: false, callers: [], activeKeys: 1, notRead: [] },
    before: [],
    refusals: [],
    snapshotRef: { store: 'file', path: 'none', sha256: SHA, bytes: 0 },
    plannedAt: at,
    planSha256: SHA,
  };
}
