import { describe, expect } from 'vitest';
import type { ContainmentView } from '../../src/contracts/containment.js';
import type { FaultRule } from '../../src/range/index.js';
import { aHealthEvent } from './alerts.js';
import { journalOf, onlyView, test, userOf, type Stage } from './stage.js';

const WRITES = ['iam:PutUserPolicy', 'iam:UpdateAccessKey', 'iam:PutUserPermissionsBoundary'] as const;
const MEASURES = {
  'iam:PutUserPolicy': 'denyUser',
  'iam:UpdateAccessKey': 'deactivateAccessKey',
  'iam:PutUserPermissionsBoundary': 'putBoundary',
};

type Api = (typeof WRITES)[number];
type Fault = Pick<FaultRule, 'effect' | 'times'>;

const rows: string[] = [];

describe.concurrent('each of three writes fails', () => {
  test('a lost answer is repeated with the same content or found done: contained', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    for (const api of WRITES) {
      const { id, name } = await openUnder(stage, api, { effect: { kind: 'loseAnswer' }, times: 1 });
      const state = await stage.reaches(id, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');

      const made = stage.writes().filter((write) => write.api === api && userOf(write) === name);
      expect(stage.range.faults.hits('fault')).toBe(1);
      expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(1);
      expect(made.length).toBeLessThanOrEqual(2);
      expect(onlyView(state)).toMatchObject({ state: 'proven', failedMeasures: [] });
      note(api, onlyView(state), { fault: 'lost answer', end: 'green without help' });
    }
  });

  test('throttled five times it is tried again until AWS takes it: contained', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    for (const api of WRITES) {
      const { id, name } = await openUnder(stage, api, { effect: { kind: 'throttle' }, times: 5 });
      const state = await stage.reaches(id, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');

      expect(stage.range.faults.hits('fault')).toBe(5);
      expect(writesOf(stage, api, name)).toBe(1);
      expect(onlyView(state)).toMatchObject({ state: 'proven', failedMeasures: [] });
      note(api, onlyView(state), { fault: 'throttled 5 times', end: 'green without help' });
    }
  });

  test('AccessDenied: another layer holds, contain is never green while a measure is refused, retry after the fix makes it green', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto' });
    const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
    for (const api of WRITES) {
      const { id, name } = await openUnder(stage, api, { effect });
      const task = await stage.task(id, 'the refusal is a task', ({ kind, needKey }) => kind === 'blocked' && needKey !== undefined);
      const held = await stage.reaches(id, 'it is contained by another layer or loudly not', settled);

      expect(task.lookAt.join()).toContain(`${MEASURES[api]} `);
      expect(task.lookAt.join()).toContain('PermissionDenied: AccessDenied');
      expect(onlyView(held).failedMeasures.map(({ measure }) => measure)).toEqual([MEASURES[api]]);
      expect(onlyView(held).headline).toMatch(/measure\(s\) refused by AWS|NOT CONTAINED/);
      expect(held.steps['contain']?.status).toBe('running');
      expect(writesOf(stage, api, name)).toBe(0);

      stage.range.faults.remove('fault');
      await stage.act('retry', id, task.taskId, '--as', 'alex', '--reason', 'permission added');
      const state = await stage.reaches(id, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');
      expect(onlyView(state)).toMatchObject({ state: 'proven', failedMeasures: [] });
      expect(writesOf(stage, api, name)).toBe(1);
      expect(state.journal.filter(({ text }) => text.startsWith('contain done'))).toHaveLength(1);
      note(api, onlyView(held), { fault: 'AccessDenied', end: 'green after retry' });
    }
  });

  test('every write refused: loudly not contained, nothing in force, retry after the fix contains it', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    const match = { callerArn: '*tourniquet-responder' };
    const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
    for (const api of [...WRITES, 'iam:AttachUserPolicy']) stage.range.faults.add({ id: api, match: { ...match, api }, effect });
    const { workflowId } = await stage.send(aHealthEvent(await stage.newUser('reports')));
    const task = await stage.task(workflowId, 'the refusal is a task', ({ kind, needKey }) => kind === 'blocked' && needKey !== undefined);
    const state = await stage.incident(workflowId);

    expect(onlyView(state)).toMatchObject({ state: 'notContained', inForce: [] });
    expect(onlyView(state).failedMeasures).toHaveLength(4);
    expect(onlyView(state).headline).toContain('NOT CONTAINED, AWS refused every call');
    expect(journalOf(state)).toContain('NOT CONTAINED');
    expect(stage.writes()).toEqual([]);

    stage.range.faults.clear();
    await stage.act('retry', workflowId, task.taskId, '--as', 'alex', '--reason', 'permissions added');
    await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');
    rows.push('| every write | AccessDenied | notContained, then proven after retry | green after retry |');
  });
});

test('an account without the quarantine policy: the plan leaves that layer out and says so, and it is contained all the same', async ({
  setStage,
}) => {
  const stage = await setStage({ mode: 'auto', range: { quarantinePolicyPresent: false } });
  const { workflowId } = await stage.send(aHealthEvent(await stage.newUser('reports')));
  const state = await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');

  const { plan, state: status } = onlyView(state);
  expect(status).toBe('proven');
  expect(plan?.measures.map(({ measure }) => measure).toSorted()).toEqual(['deactivateAccessKey', 'denyUser', 'putBoundary']);
  expect(plan?.doesNotStop.join()).toMatch(/managed layer left out: .+IRQuarantine is absent; tourniquet doctor tells how to make it/);
  console.info(['| write | fault | meanwhile | end |', '| --- | --- | --- | --- |', ...rows].join('\n'));
});

/** A user of its own under one fault of one write. */
async function openUnder(stage: Stage, api: Api, fault: Fault): Promise<{ id: string; name: string }> {
  const name = MEASURES[api].toLowerCase();
  const suspect = await stage.newUser(name);
  stage.range.faults.add({ id: 'fault', match: { api, callerArn: '*tourniquet-responder' }, ...fault });
  return { id: (await stage.send(aHealthEvent(suspect))).workflowId, name };
}

/** Judged, with the refused measure still open. */
function settled({ scope }: { scope: Readonly<Record<string, ContainmentView>> }): boolean {
  const [view] = Object.values(scope);
  return (
    view !== undefined &&
    view.failedMeasures.length > 0 &&
    (view.state === 'proven' || view.state === 'quiet' || view.state === 'notContained')
  );
}

function writesOf(stage: Stage, api: string, userName: string): number {
  return stage.writes().filter((write) => write.api === api && userOf(write) === userName).length;
}

function note(api: string, view: ContainmentView, { fault, end }: { fault: string; end: string }): void {
  rows.push(`| ${api} | ${fault} | ${view.state}, ${view.failedMeasures.length} refused | ${end} |`);
}
