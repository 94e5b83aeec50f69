import { randomUUID } from 'node:crypto';
import { CreateAccessKeyCommand, PutUserPermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { actUpdate } from '../../src/contracts/messages.js';
import type { ActResult } from '../../src/contracts/task.js';
import type { IamStateSnapshot } from '../../src/range/index.js';
import { aHealthEvent, suspectIn } from './alerts.js';
import { journalOf, test, type Stage } from './stage.js';
import { undoByTwo } from './undo.js';

describe.concurrent('restore as a false positive', () => {
  test('two people undo it: the user is deep-equal to before, its inactive key stays inactive; nobody else can undo it', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'approve', playbook: 'compromised-credentials' });
    const before = stage.range.iamState();
    const { workflowId } = await stage.send(aHealthEvent(suspectIn(stage.range, 'ci-deploy')));
    const contain = await stage.task(workflowId, 'a consent is asked', ({ kind }) => kind === 'consent');
    await stage.act('approve', workflowId, contain.taskId, '--as', 'lea', '--reason', 'key is public');
    const contained = await stage.reaches(workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');
    const [consent] = contained.tasks.find(({ taskId }) => taskId === contain.taskId)?.answers ?? [];
    const writes = stage.writes().length;

    await stage.act('undo', workflowId, '--as', 'alex', '--reason', 'planned rotation');
    const undo = await stage.task(workflowId, 'the undo asks for consent', ({ consent: wanted }) => wanted?.action === 'restore');
    expect(undo).toMatchObject({ quorum: 2, consent: { ownerSubjects: ['omar'] } });
    const approve = (subject: string): Promise<{ code: number; text: string }> =>
      stage.cli('approve', workflowId, undo.taskId, '--as', subject, '--reason', 'rotation was announced');

    const replayed = await replay(stage, workflowId, { taskId: undo.taskId, record: consent?.record ?? '' });
    expect(replayed).toMatchObject({ accepted: false, message: 'it was given for contain, not for restore' });
    expect(await approve('omar')).toMatchObject({ code: 1, text: expect.stringContaining('omar is linked to') });
    expect(await approve('alex')).toMatchObject({ code: 1, text: expect.stringContaining('alex asked for') });
    expect(await approve('lea')).toMatchObject({ code: 0, text: expect.stringContaining('1 of 2 approvals') });
    expect(await approve('lea')).toMatchObject({ code: 1, text: expect.stringContaining('refused') });
    expect(stage.writes()).toHaveLength(writes);
    expect((await stage.incident(workflowId)).phase).not.toBe('closed');

    expect(await approve('mara')).toMatchObject({ code: 0 });
    const closed = await stage.reaches(workflowId, 'the incident is closed', ({ phase }) => phase === 'closed');
    expect(closed.closing).toMatchObject({ outcome: 'benign', reason: expect.stringContaining('planned rotation') });
    expect(stage.range.iamState()).toEqual(before);
    expect(
      userOf(before, 'ci-deploy')
        .keys.map(({ status }) => status)
        .toSorted(),
    ).toEqual(['Active', 'Inactive']);
  });

  test('a key made in the compromise window is not armed again; the rest of the user is as before', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    const own = suspectIn(stage.range, 'dana');
    const before = userOf(stage.range.iamState(), 'dana');
    const tenMinutesAgo = new Date(Date.now() - 600_000);
    const { AccessKey } = await stage.admin.iam.send(new CreateAccessKeyCommand({ UserName: 'dana' }));
    const { workflowId } = await stage.send(aHealthEvent(own, tenMinutesAgo));
    await stage.reaches(workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');

    await undoByTwo(stage, workflowId);
    await stage.reaches(workflowId, 'the incident is closed', ({ phase }) => phase === 'closed');

    const { keys, ...rest } = userOf(stage.range.iamState(), 'dana');
    const { keys: keysBefore, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect(keys.find(({ accessKeyId }) => accessKeyId === own.accessKeyId)).toEqual(keysBefore[0]);
    expect(keys.find(({ accessKeyId }) => accessKeyId === AccessKey?.AccessKeyId)?.status).toBe('Inactive');
  });

  test('a field that somebody changed since stops the undo and asks; keep leaves it and the rest is restored', async ({ setStage }) => {
    // The watch must not put the change back before the undo meets it.
    const stage = await setStage({ mode: 'auto', waits: { recheckLadder: [{ everySeconds: 120 }] } });
    const before = userOf(stage.range.iamState(), 'ci-deploy');
    const { workflowId } = await stage.send(aHealthEvent(suspectIn(stage.range, 'ci-deploy')));
    await stage.reaches(workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await stage.admin.iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'ci-deploy', PermissionsBoundary }));

    await undoByTwo(stage, workflowId);
    const conflict = await stage.task(workflowId, 'the undo stops and asks', ({ choices }) => choices.includes('keep'));
    expect(conflict.title).toMatch(/^putBoundary .+ is not as we left it/);
    expect(conflict.lookAt.join()).toContain(`is ${PermissionsBoundary}`);
    expect(userOf(stage.range.iamState(), 'ci-deploy').inline).toHaveProperty([
      `IRQuarantine-${(await stage.incident(workflowId)).incidentId}`,
    ]);

    await stage.act('complete', workflowId, conflict.taskId, '--choice', 'keep', '--as', 'lea', '--reason', 'ours, keep it');
    const closed = await stage.reaches(workflowId, 'the incident is closed', ({ phase }) => phase === 'closed');
    expect(userOf(stage.range.iamState(), 'ci-deploy')).toEqual({ ...before, boundary: PermissionsBoundary });
    expect(journalOf(closed)).toContain('left as somebody changed it: putBoundary');
  });
});

function replay({ session }: Stage, workflowId: string, { taskId, record }: { taskId: string; record: string }): Promise<ActResult> {
  const act = { actId: randomUUID(), subject: 'lea', act: 'decide' as const, taskId, choice: 'approve', reason: 'replayed', record };
  return session.client.workflow.getHandle(workflowId).executeUpdate(actUpdate, { args: [act] });
}

function userOf(state: IamStateSnapshot, userName: string): IamStateSnapshot['users'][number] {
  const user = state.users.find(({ name }) => name === userName);
  if (user === undefined) throw new Error(`no user ${userName}`);
  return user;
}
