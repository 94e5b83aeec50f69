import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../activities/index.js';
import type { ContainmentState } from '../../src/contracts/containment.js';
import { containmentOrderSignal, containmentQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import type { Plan } from '../../src/contracts/plan.js';
import { containmentIdFor } from '../../src/contracts/principal.js';
import { measureCallFor } from '../../src/domain/planning/measure-calls.js';
import { anAlert } from '../fixtures/builders.js';
import { shippedPolicies } from '../fixtures/policies.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
import { aContainmentInput, aPlan, type Calls, startContainmentWorkers, written } from './containment-rig.js';
import { viewsQuery } from './hold-workflows.js';

const GUIDANCE = {
  title: 'Change the password of the management account’s root user',
  why: 'no policy binds it',
  commands: ['sign in at https://signin.aws.amazon.com'],
};

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await createTimeSkipping();
});
afterAll(() => env.teardown());

interface Given {
  readonly name: string;
  readonly plan: (made: Plan) => Plan;
  readonly overrides?: Partial<Activities>;
}

async function contained({ name, plan, overrides }: Given) {
  const calls: Calls = { watch: 0, lookup: 0, write: 0 };
  const workers = await startContainmentWorkers(env, {
    calls,
    overrides: {
      planContainment: async ({ principal, incidentId }) =>
        plan(aPlan({ principal, incidentId, at: new Date(await env.currentTimeMs()).toISOString() })),
      ...overrides,
    },
  });
  const ownerId = `${name}-owner`;
  const waits = await shippedPolicies.waits('drill-waits');
  const input = { ...(await aContainmentInput(name, ownerId)), waits };
  const workflowId = containmentIdFor(input.principal.lockId);
  const owner = await env.client.workflow.start('viewKeeper', { workflowId: ownerId, taskQueue: MAIN_TASK_QUEUE, args: [] });
  const handle = await env.client.workflow.start('containPrincipal', { workflowId, taskQueue: MAIN_TASK_QUEUE, args: [input] });
  await handle.signal(containmentOrderSignal, { order: 'proceed', authority: { by: 'alert', alert: anAlert() } });
  const until = async (holds: (state: ContainmentState) => boolean): Promise<ContainmentState> => {
    for (let round = 0; round < 200; round += 1) {
      const state = await handle.query(containmentQuery);
      if (holds(state)) return state;
      await env.sleep('2s');
    }
    throw new Error(`never came true; ${(await handle.query(containmentQuery)).view.headline}`);
  };
  return { calls, handle, until, waits, views: () => owner.query(viewsQuery), stop: workers.stop };
}

test('a plan without any call is handed to a person with what to do, and nothing is written', async () => {
  const run = await contained({ name: 'by-hand-only', plan: (made) => ({ ...made, measures: [], recovery: [], guidance: [GUIDANCE] }) });
  const { view } = await run.until((state) => state.view.state === 'handedToPerson');
  await run.stop();

  expect(run.calls.write).toBe(0);
  expect(view.headline).toContain('nothing is written');
  expect(view.needs).toHaveLength(1);
  expect(view.needs[0]).toMatchObject({ kind: 'byHand', choices: ['done'] });
  expect(view.needs[0]?.title).not.toContain('rail');
  expect(view.needs[0]?.lookAt.join('\n')).toContain(GUIDANCE.title);
});

test('where no session can be revoked the denies stay until the longest one has ended', async () => {
  const undone: string[] = [];
  const run = await contained({
    name: 'no-revocation',
    plan: (made) => ({
      ...made,
      measures: [measureCallFor({ measure: 'denyUser', target: '' }, { principal: made.principal, incidentId: 'INC-20261122-H01D0000' })],
      recovery: [],
    }),
    overrides: {
      undoDenyUser: async (input) => {
        const at = new Date(await env.currentTimeMs()).toISOString();
        undone.push(at);
        return written(input, at);
      },
    },
  });
  const { firstDenyAt = '' } = await run.until((state) => state.view.state === 'proven');
  await run.handle.signal(containmentOrderSignal, { order: 'recover', consents: [], issuedKeyIds: [] });
  await run.until((state) => state.view.state === 'released');
  const headlines = (await run.views()).map(({ headline }) => headline);
  await run.stop();

  expect(headlines).toContainEqual(expect.stringMatching(/^recovery waits until .* the denies stand$/));
  expect(undone).toHaveLength(1);
  expect(Date.parse(undone[0] ?? '') - Date.parse(firstDenyAt)).toBeGreaterThanOrEqual(run.waits.sessionHoldSeconds * 1000);
});
