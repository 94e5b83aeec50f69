import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { sendGuardRequest } from '../../src/adapters/temporal/guard-client.js';
import type { Task } from '../../src/contracts/task.js';
import { aHealthEvent } from './alerts.js';
import { onlyView, test, userOf } from './stage.js';
import { undoByTwo } from './undo.js';
import { until } from './until.js';

const NAMES = Array.from({ length: 10 }, (_, index) => `worker-${index}`);

describe.concurrent('the guard', () => {
  test('guard stop holds ten incidents before their first write, go lets all ten be contained, and an undo works while stopped', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto' });
    const limits = { perHour: 30, perAccountPerHour: 30 };
    await sendGuardRequest(stage.session.client, { do: 'limits', actId: randomUUID(), subject: 'mara', limits });
    await stage.act('guard', 'stop', '--as', 'mara', '--reason', 'storm of alerts');
    const suspects = [];
    for (const name of NAMES) suspects.push(await stage.newUser(name));
    const incidents = (await Promise.all(suspects.map((suspect) => stage.send(aHealthEvent(suspect))))).map(({ workflowId }) => workflowId);

    for (const id of incidents)
      await stage.containmentReaches(id, 'it is held', ({ headline }) =>
        headline.includes('held, nothing is written: guard stopped: storm of alerts'),
      );
    expect(new Set(incidents).size).toBe(10);
    expect(stage.writes()).toEqual([]);
    expect(await stage.act('guard', 'show')).toContain('STOPPED: storm of alerts (10 containments wait)');

    await stage.act('guard', 'go', '--as', 'mara');
    for (const id of incidents) await stage.reaches(id, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');
    expect(new Set(stage.writes().map(userOf))).toEqual(new Set(NAMES));
    expect(stage.writes()).toHaveLength(40);

    await stage.act('guard', 'stop', '--as', 'mara', '--reason', 'again');
    const [first = ''] = incidents;
    await undoByTwo(stage, first);
    const closed = await stage.reaches(first, 'the first is undone', ({ phase }) => phase === 'closed');
    expect(onlyView(closed)).toMatchObject({ state: 'released', inForce: [] });
    expect(stage.range.iamState().users.find(({ name }) => name === 'worker-0')).toMatchObject({
      inline: {},
      attached: [],
      boundary: null,
    });
  });

  test('consents that run out while the guard is stopped count as none: after go the plan is signed again', async ({ setStage }) => {
    const stage = await setStage({ mode: 'approve', waits: { consentValidMinutes: 0.15 } });
    const { workflowId } = await stage.send(aHealthEvent(await stage.newUser('reports')));
    const isConsent = ({ kind }: Task): boolean => kind === 'consent';
    const first = await stage.task(workflowId, 'a consent is asked', isConsent);
    await stage.act('guard', 'stop', '--as', 'mara', '--reason', 'wait');
    await stage.act('approve', workflowId, first.taskId, '--as', 'lea', '--reason', 'key is public');
    await stage.containmentReaches(workflowId, 'it is held', ({ headline }) => headline.includes('guard stopped: wait'));
    await until('the consent has run out', () => (Date.now() > Date.parse(first.consent?.expiresAt ?? '') + 9_000 ? true : undefined));

    await stage.act('guard', 'go', '--as', 'mara');
    const second = await stage.task(workflowId, 'a consent is asked again', isConsent);
    expect(second.taskId).not.toBe(first.taskId);
    expect(second.consent?.planSha256).toBe(first.consent?.planSha256);
    expect(stage.writes()).toEqual([]);

    await stage.act('approve', workflowId, second.taskId, '--as', 'lea', '--reason', 'still public');
    await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');
  });

  test('an incident with nothing in force that cannot be planned is let go when two people close it', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    const suspect = await stage.newUser('reports');
    const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
    stage.range.faults.add({ id: 'blind', match: { api: 'iam:GetUser', callerArn: '*tourniquet-responder' }, skip: 1, effect });
    const { workflowId } = await stage.send(aHealthEvent(suspect));
    const blocked = await stage.task(workflowId, 'planning is blocked', ({ kind, needKey }) => kind === 'blocked' && needKey !== undefined);
    expect(blocked.title).toBe('The containment of reports cannot be planned');
    expect(blocked.lookAt.join()).toContain('PermissionDenied');

    await stage.act('request', workflowId, 'close', '--as', 'alex', '--reason', 'contained outside of Tourniquet');
    const { taskId } = await stage.task(workflowId, 'closing asks for consent', ({ consent }) => consent?.action === 'close');
    for (const subject of ['lea', 'mara']) await stage.act('approve', workflowId, taskId, '--as', subject, '--reason', 'seen');
    await stage.reaches(workflowId, 'the incident is closed', ({ phase }) => phase === 'closed');
    await until('the containment is let go', async () =>
      (await stage.containment('reports')).view.state === 'released' ? true : undefined,
    );
    expect(stage.writes()).toEqual([]);
  });
});
