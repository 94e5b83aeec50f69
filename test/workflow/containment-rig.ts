import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.js';
import type { ContainmentInput } from '../../src/contracts/containment.js';
import type { MeasureResult, WriteInput } from '../../src/contracts/measure.js';
import { LOOKUP_TASK_QUEUE, MAIN_TASK_QUEUE, RESPOND_TASK_QUEUE } from '../../src/contracts/names.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { Configuration, LookupResult, WatchInput } from '../../src/contracts/watch.js';
import { measureCallFor } from '../../src/domain/planning/measure-calls.js';
import { anAlert, aPrincipal, SHA } from '../fixtures/builders.js';
import { shippedPolicies } from '../fixtures/policies.js';

/** Calls of the faked activities that the tests count. */
export interface Calls {
  watch: number;
  lookup: number;
  write: number;
}

/** Workers of all queues with the real `containPrincipal` and faked activities; `overrides` replace some of them. */
export async function startContainmentWorkers(
  env: TestWorkflowEnvironment,
  { calls, overrides = {} }: { calls: Calls; overrides?: Partial<Activities> },
): Promise<{ stop: () => Promise<void> }> {
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./hold-workflows.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  const activities = { ...fakeActivities(env, calls), ...overrides };
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

export const CONFIGURATION: Configuration = { confirmed: true, simulation: 'explicitDeny', keysInactive: true, missing: [], notes: [] };

function fakeActivities(env: TestWorkflowEnvironment, calls: Calls): Partial<Activities> {
  const now = async (): Promise<string> => new Date(await env.currentTimeMs()).toISOString();
  const go = () => Promise.resolve({ decision: 'go' as const, quorum: 0, mode: 'auto' as const, reason: 'mode auto' });
  const write = async (input: WriteInput): Promise<MeasureResult> => {
    calls.write += 1;
    return written(input, await now());
  };
  return {
    planContainment: async ({ principal, incidentId }) => aPlan({ principal, incidentId, at: await now() }),
    askGuard: go,
    reserveContainment: go,
    denyUser: write,
    deactivateAccessKey: write,
    watchContainment: ({ rounds }: WatchInput) => {
      calls.watch += 1;
      return Promise.resolve({
        configuration: CONFIGURATION,
        rounds: 1,
        drifts: [],
        growth: [],
        ended: rounds === 'once' ? 'once' : 'configured',
      });
    },
    lookupPrincipalEvents: async ({ firstDenyAt, waits }): Promise<LookupResult> => {
      calls.lookup += 1;
      const at = await now();
      const wantsMs = Date.parse(firstDenyAt) + (waits.quietWindowSeconds + waits.deliveryDelaySeconds) * 1000 - Date.parse(at);
      return {
        coveredUntilAt: at,
        effectiveFromAt: firstDenyAt,
        denied: 0,
        descendants: [],
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

/** What a measure answers. */
export function written({ call }: WriteInput, at: string): MeasureResult {
  return { measure: call.measure, target: call.target, changed: true, before: null, after: 'ours', at, requestIds: [] };
}

/** A plan of two measures that nobody has to sign. */
export function aPlan({ principal, incidentId, at }: { principal: Plan['principal']; incidentId: string; at: string }): Plan {
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
    recovery: [measureCallFor({ measure: 'revokeSessions', target: '' }, scope)],
    guarded: false,
    guidance: [],
    doesNotStop: [],
    blastRadius: { legitimateUseLast24h: false, callers: [], activeKeys: 1, notRead: [] },
    before: [],
    refusals: [],
    snapshotRef: { store: 'file', path: 'none', sha256: SHA, bytes: 0 },
    plannedAt: at,
    planSha256: SHA,
  };
}

/** Start input of a containment of its own user, told to the workflow `ownerWorkflowId`. */
export async function aContainmentInput(name: string, ownerWorkflowId: string): Promise<ContainmentInput> {
  return {
    principal: aPrincipal(name),
    incidentId: 'INC-20261122-H01D0000',
    ownerWorkflowId,
    waits: await shippedPolicies.waits('waits'),
    alerts: [anAlert()],
  };
}
