import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Activities } from '../../activities/index.js';
import { createQuarantineScps } from '../../src/adapters/temporal/quarantine-scps.js';
import { permanent } from '../../src/contracts/failures.js';
import { scpQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE, quarantineScpId, RESPOND_TASK_QUEUE } from '../../src/contracts/names.js';
import { SCP_QUOTA, type ScpChange, type ScpOutcome, type ScpWriteInput } from '../../src/contracts/quarantine-scp.js';
import { measureCallFor } from '../../src/domain/planning/measure-calls.js';
import { changeContent, holdsEntry } from '../../src/domain/planning/scp-content.js';
import { scpSidOf } from '../../src/domain/planning/scp-documents.js';
import type { QuarantineScps } from '../../src/ports/quarantine-scps.js';
import { aPlan } from '../fixtures/planning.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
import { anAlert, aPrincipal } from '../fixtures/builders.js';

/** A statement that Tourniquet did not write. */
const FOREIGN = { Sid: 'TheirOwn', Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' };
const POLICIES = ['p-first', 'p-second'];

let env: TestWorkflowEnvironment;
let stop: () => Promise<void>;
let scps: QuarantineScps;
/** The policies as AWS would hold them: read, then written a while later, so that two writers would lose entries. */
const contents = new Map<string, string>();
let writing = 0;
let overlaps = 0;
let refusal: string | undefined;

beforeAll(async () => {
  env = await createTimeSkipping();
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/quarantine-scp.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  const activities: Partial<Activities> = { writeQuarantineScp: write };
  const workers = await Promise.all(
    [MAIN_TASK_QUEUE, RESPOND_TASK_QUEUE].map((taskQueue) =>
      Worker.create({
        connection: env.nativeConnection,
        taskQueue,
        activities,
        ...(taskQueue === MAIN_TASK_QUEUE ? { workflowBundle } : {}),
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  scps = createQuarantineScps({ client: env.client, policyIds: async () => POLICIES, contents: async () => contents });
  stop = async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
  };
});
afterAll(async () => {
  await stop();
  await env.teardown();
});
beforeEach(() => {
  refusal = undefined;
  for (const id of POLICIES) contents.set(id, JSON.stringify({ Version: '2012-10-17', Statement: [FOREIGN] }));
});

async function write({ policyId, changes }: ScpWriteInput) {
  if (refusal !== undefined) throw permanent('PermissionDenied', refusal);
  overlaps += writing;
  writing += 1;
  const next = changeContent(contents.get(policyId) ?? '', changes);
  await delay(20);
  if (next.content !== undefined) contents.set(policyId, next.content);
  writing -= 1;
  const outcomes = next.outcomes.map((one): ScpOutcome => ({ ...one, policyId, requestIds: [] }));
  return { outcomes, characters: next.characters, unknown: [...next.unknown] };
}

function change(
  what: ScpChange['do'],
  name: string,
  incidentId = `INC-20261122-${name.toUpperCase().padEnd(8, 'X').slice(0, 8)}`,
): ScpChange {
  const principal = aPrincipal(name);
  const entry = { subject: { kind: 'principal' as const, arn: principal.arn }, incidentId };
  const call = measureCallFor({ measure: 'quarantineByScp', target: '' }, { principal, incidentId });
  const approvedPlan = aPlan({ principal, measures: [call] });
  const input = {
    incidentId,
    containmentId: `containment/${name}`,
    principal,
    call,
    approvedPlan,
    authority: { by: 'alert' as const, alert: anAlert() },
  };
  return { do: what, entry, input };
}

const sidsOf = (policyId: string): string[] => {
  const { Statement } = JSON.parse(contents.get(policyId) ?? '{}') as { Statement: { Sid: string }[] };
  return Statement.map(({ Sid }) => Sid);
};

test('twenty incidents add and ten remove at once: every entry is right, one write at a time, the unknown statement survives', async () => {
  const before = Array.from({ length: 10 }, (_, index) => change('add', `old-${index}`));
  for (const one of before) await scps.change(one);
  const added = Array.from({ length: 20 }, (_, index) => change('add', `new-${index}`));
  const removed = before.map((one): ScpChange => ({ ...one, do: 'remove' }));

  const outcomes = await Promise.all([...added.map((one) => scps.change(one)), ...removed.map((one) => scps.change(one, 'p-first'))]);

  const content = contents.get('p-first') ?? '';
  expect(outcomes.map(({ result }) => result)).toEqual(Array.from({ length: 30 }, () => 'changed'));
  expect(added.every(({ entry }) => holdsEntry(content, entry))).toBe(true);
  expect(removed.some(({ entry }) => holdsEntry(content, entry))).toBe(false);
  expect(sidsOf('p-first').toSorted()).toEqual(['TheirOwn', ...added.map(({ entry }) => scpSidOf(entry))].toSorted());
  expect(overlaps).toBe(0);
  const state = await env.client.workflow.getHandle(quarantineScpId('p-first')).query(scpQuery);
  expect(state).toMatchObject({ unknown: ['TheirOwn'], characters: content.length });
  expect(state.entries).toHaveLength(20);
});

test('an entry that is delivered again changes nothing, and one that somebody changed is not taken away', async () => {
  const one = change('add', 'again');
  await scps.change(one);
  const again = await scps.change(one);
  contents.set('p-first', (contents.get('p-first') ?? '').replace('"Effect":"Deny","Action":"*"', '"Effect":"Deny","Action":"s3:*"'));

  const taken = await scps.change({ ...one, do: 'remove' }, 'p-first');

  expect(again.result).toBe('unchanged');
  expect(taken.result).toBe('conflict');
  expect(sidsOf('p-first')).toContain(scpSidOf(one.entry));
});

test('a full policy hands on to the next one, and when both are full it is said loudly, naming both', async () => {
  const filler = { ...FOREIGN, Sid: 'Filler', Resource: 'x'.repeat(SCP_QUOTA - 450) };
  const almostFull = JSON.stringify({ Version: '2012-10-17', Statement: [filler] });
  contents.set('p-first', almostFull);
  const names = ['one', 'two', 'three'];

  const placed: string[] = [];
  for (const name of names) placed.push((await scps.change(change('add', name))).policyId);
  contents.set('p-second', almostFull);
  await scps.change(change('add', 'four'));
  const full = await scps.change(change('add', 'five')).catch((error: unknown) => error);

  expect(placed).toEqual(['p-first', 'p-second', 'p-second']);
  expect(contents.get('p-first')?.length).toBeLessThanOrEqual(SCP_QUOTA);
  expect(full).toMatchObject({ type: 'QuotaExceeded', nonRetryable: true });
  expect(String(full)).toMatch(/p-first .*p-second /);
});

test('what AWS refuses the writer reaches who asked, in AWS’s words', async () => {
  refusal = 'organizations:UpdatePolicy is not allowed';

  const refused = await scps.change(change('add', 'refused')).catch((error: unknown) => error);

  expect(refused).toMatchObject({ type: 'PermissionDenied', message: 'organizations:UpdatePolicy is not allowed' });
});
