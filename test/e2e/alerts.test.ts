import { CreateAccessKeyCommand, DeleteAccessKeyCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { readSentNotifications } from '../../src/adapters/notify/journal.js';
import { notificationJournal } from '../../src/worker/dependencies.js';
import { aGuardDutyFinding, aHealthEvent, suspectIn } from './alerts.js';
import { journalOf, onlyView, test, type Stage } from './stage.js';
import { until } from './until.js';

describe.concurrent('alerts about one key', () => {
  test('two sources make one incident, ten repeats of a delivery change nothing, an update with news enriches it', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    const suspect = await stage.newUser('reports');
    const finding = aGuardDutyFinding(suspect, { id: 'f1', type: 'Recon:IAMUser/TorIPCaller', severity: 5 });
    const health = aHealthEvent(suspect);

    const first = await stage.send(finding);
    await stage.task(first.workflowId, 'a person is asked about sum 45', ({ kind }) => kind === 'decision');
    expect(await stage.incident(first.workflowId)).toMatchObject({ severity: 'MEDIUM', verdict: { sum: 45 } });
    const second = await stage.send(health);
    const proven = await stage.reaches(first.workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');
    expect(second).toMatchObject({ outcome: 'delivered', workflowId: first.workflowId, incidentId: first.incidentId });
    expect(proven.verdict).toMatchObject({ verdict: 'confirmed', sum: 170 });
    expect(proven.alerts).toMatchObject({ total: 2, bySource: { guardduty: 1, 'aws-health': 1 } });

    const [writes, alerts] = [stage.writes().length, proven.alerts];
    const repeats = [];
    for (let time = 1; time <= 10; time += 1) repeats.push(await stage.send(time % 2 === 0 ? finding : health));
    const after = await stage.incident(first.workflowId);
    expect(repeats.map(({ duplicate }) => duplicate)).toEqual(Array<boolean>(10).fill(true));
    expect(after.alerts).toEqual(alerts);
    expect(after.tasks).toEqual(proven.tasks);
    expect(stage.writes()).toHaveLength(writes);
    expect(await incidentsOf(stage)).toBe(1);

    await stage.send(aGuardDutyFinding(suspect, { id: 'f1', type: 'AttackSequence:IAM/CompromisedCredentials', severity: 9.5, count: 2 }));
    const enriched = await stage.reaches(first.workflowId, 'the update is heard', ({ alerts: { total } }) => total === 3);
    expect(enriched.severity).toBe('CRITICAL');
    expect(enriched.alerts.kept.some(({ facts }) => facts.attackSequence)).toBe(true);
    expect(onlyView(enriched).state).toBe('proven');
    expect(stage.writes()).toHaveLength(writes);
  });

  test('alerts that come again while a consent is open keep the same task, and the signature given then counts', async ({ setStage }) => {
    const stage = await setStage({ mode: 'approve' });
    const suspect = await stage.newUser('reports');
    const { workflowId } = await stage.send(aHealthEvent(suspect));
    const asked = await stage.task(workflowId, 'a consent is asked', ({ kind }) => kind === 'consent');

    await stage.send(aHealthEvent(suspect));
    await stage.send(aGuardDutyFinding(suspect));
    await stage.reaches(workflowId, 'planned again for the new facts', (state) => journalOf(state).includes('planned again'));
    await stage.act('approve', workflowId, asked.taskId, '--as', 'lea', '--reason', 'key is public');
    const done = await stage.reaches(workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');

    expect(done.tasks.filter(({ kind }) => kind === 'consent').map(({ taskId, outcome }) => [taskId, outcome])).toEqual([
      [asked.taskId, 'approved'],
    ]);
  });
});

describe.concurrent('never touched', () => {
  test('the break-glass user and our own responder: a rail refuses, a person is paged, nothing is written', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    await stage.admin.iam.send(new CreateAccessKeyCommand({ UserName: 'break-glass' }));

    for (const userName of ['break-glass', 'tourniquet-responder']) {
      const { workflowId } = await stage.send(aHealthEvent(suspectIn(stage.range, userName)));
      const task = await stage.task(workflowId, `${userName} is handed to a person`, ({ title }) => title.includes('a rail forbids'));
      const view = onlyView(await stage.incident(workflowId));

      expect(view).toMatchObject({ state: 'handedToPerson', inForce: [] });
      expect(view.headline).toMatch(/not proven$/);
      expect(view.plan?.refusals.join(' ')).toMatch(userName === 'break-glass' ? /break-glass identity/ : /our own identity/);
      expect(task.choices).not.toContain('actNow');
      await until(`somebody is told about ${userName}`, async () =>
        (await readSentNotifications(notificationJournal(stage.env.dataDir))).find(({ title }) => title.includes(task.title)),
      );
    }
    expect(stage.writes()).toEqual([]);
  });

  test('a key of another account is rejected and opens nothing; a deleted key and an unknown one open for review, paged', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto' });
    const gone = await stage.newUser('leaver');
    await stage.admin.iam.send(new DeleteAccessKeyCommand({ UserName: 'leaver', AccessKeyId: gone.accessKeyId }));
    const nobody = { userName: 'nobody', userId: 'AIDANOBODY0000000001', accessKeyId: `${gone.accessKeyId.slice(0, -4)}QQQQ` };

    const foreign = await stage.send(aGuardDutyFinding(gone, { account: '999988887777' }));
    const deleted = await stage.send(aHealthEvent(gone));
    const unknown = await stage.send(aHealthEvent(nobody));

    expect(foreign).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('foreign: account 999988887777') });
    expect(await incidentsOf(stage)).toBe(2);
    for (const { workflowId, reason } of [deleted, unknown]) {
      expect(reason).toMatch(
        reason.includes(nobody.accessKeyId) ? /^for review, unknown: / : /^for review, deleted: key .+ but no user has it/,
      );
      const task = await stage.task(workflowId, 'it is for review', ({ kind }) => kind === 'blocked');
      expect(task.title).toBe('Validate the finding: could not resolve the principal');
      expect((await stage.incident(workflowId)).ladder.pages).toHaveLength(1);
    }
    expect(stage.writes()).toEqual([]);
  });
});

async function incidentsOf({ session }: Stage): Promise<number> {
  return (await session.client.workflow.count(`WorkflowType = 'incidentResponse'`)).count;
}
