import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { createFindSilentSources } from '../../activities/temporal/find-silent-sources.js';
import { createFileRecordStore } from '../../src/adapters/records/file.js';
import { createPolicies } from '../../src/playbooks/load.js';
import { aGuardDutyFinding, aHealthEvent, suspectIn } from './alerts.js';
import { test, type Stage } from './stage.js';
import { undoByTwo } from './undo.js';
import { until } from './until.js';

const HOUR_MS = 3_600_000;

describe.concurrent('an alert about a principal whose incident is closed', () => {
  test('opens nothing when it tells of refused calls or of calls before the containment; news opens a linked incident', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto' });
    const suspect = await stage.newUser('reports');
    const { workflowId, incidentId } = await stage.send(aHealthEvent(suspect));
    await stage.reaches(workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');
    await undoByTwo(stage, workflowId);
    await closed(stage, workflowId);

    const denied = await stage.send(aGuardDutyFinding(suspect, { id: 'f1', denied: true }));
    const old = await stage.send(aGuardDutyFinding(suspect, { id: 'f2', lastSeenAt: new Date(Date.now() - HOUR_MS).toISOString() }));
    const journal = await createFileRecordStore(join(stage.env.dataDir, 'records')).readJournal(incidentId);
    const opened = await incidents(stage);
    const news = await stage.send(aGuardDutyFinding(suspect, { id: 'f1', count: 2 }));
    const reopened = await stage.incident(news.workflowId);

    expect(denied).toMatchObject({ outcome: 'attached', incidentId, reason: 'its only news are refused calls' });
    expect(old).toMatchObject({
      outcome: 'attached',
      incidentId,
      reason: expect.stringContaining('its calls are from before the containment'),
    });
    expect(journal.filter(({ who }) => who === 'intake').map(({ text }) => text)).toEqual([
      'alert guardduty UnauthorizedAccess:IAMUser/TorIPCaller opens nothing: its only news are refused calls (f1)',
      expect.stringMatching(/opens nothing: its calls are from before the containment at .* \(f2\)$/),
    ]);
    expect(opened).toBe(1);
    expect(news).toMatchObject({ outcome: 'opened', workflowId });
    expect(news.incidentId).not.toBe(incidentId);
    expect(reopened.previousIncidentId).toBe(incidentId);
  });
});

describe.concurrent('an incident that is open', () => {
  test('becomes more severe with a finding that rises from 5 to 8', async ({ setStage }) => {
    const stage = await setStage();
    const suspect = await stage.newUser('reports');
    const { workflowId } = await stage.send(aGuardDutyFinding(suspect, { id: 'f1', severity: 5 }));
    const before = await stage.incident(workflowId);
    const { outcome } = await stage.send(aGuardDutyFinding(suspect, { id: 'f1', severity: 8, count: 2 }));
    const after = await stage.reaches(workflowId, 'the update is heard', ({ alerts }) => alerts.total === 2);

    expect([before.severity, outcome, after.severity]).toEqual(['MEDIUM', 'delivered', 'HIGH']);
  });

  test('opens within a minute when IAM may not be read, and its validate task pages with the reason', async ({ setStage }) => {
    const stage = await setStage();
    const suspect = suspectIn(stage.range, 'ci-deploy');
    const effect = { kind: 'error', code: 'AccessDenied', status: 403, message: 'not authorized to perform sts:AssumeRole' } as const;
    stage.range.faults.add({ id: 'blind', match: { api: '*', callerArn: '*tourniquet-responder' }, effect });
    const beganAt = Date.now();
    const { workflowId, reason } = await stage.send(aHealthEvent(suspect));
    const task = await stage.task(workflowId, 'it is for review', ({ kind }) => kind === 'blocked');
    const { ladder } = await stage.reaches(workflowId, 'somebody is paged', (state) => state.ladder.pages.length > 0);

    expect(Date.now() - beganAt).toBeLessThan(60_000);
    expect(reason).toContain('for review, unreadable: ');
    expect(task.title).toBe('Validate the finding: could not resolve the principal');
    expect(task.lookAt.join('\n')).toContain('PermissionDenied');
    expect(ladder.pages).toHaveLength(1);
  });
});

describe.concurrent('a source that used to speak', () => {
  test('is found when it has been silent for longer than intake.yaml allows, and not before', async ({ setStage }) => {
    const stage = await setStage();
    const { client } = stage.session;
    const after = (hours: number) =>
      createFindSilentSources({
        client: client.workflow,
        intake: createPolicies(stage.env.policyDir).intake,
        nowMs: () => Date.now() + hours * HOUR_MS,
      })();
    const never = await after(200);
    const { outcome } = await stage.send(aGuardDutyFinding(await stage.newUser('reports'), { sample: true }));
    const [finding, ...others] = await until('visibility has it', async () => {
      const found = await after(169);
      return found.length > 0 ? found : undefined;
    });

    expect(outcome).toBe('ignored');
    expect(never).toEqual([]);
    expect(await after(160)).toEqual([]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'silentSource', title: expect.stringContaining('guardduty HAS FALLEN SILENT') });
    expect(finding?.lines.join('\n')).toContain('last: alert/guardduty/');
  });
});

async function closed(stage: Stage, workflowId: string): Promise<void> {
  await stage.reaches(workflowId, 'the incident is closed', ({ phase }) => phase === 'closed');
  await until('Temporal has its end', async () => {
    const { status } = await stage.session.client.workflow.getHandle(workflowId).describe();
    return status.name === 'COMPLETED' ? true : undefined;
  });
}

async function incidents({ session }: Stage): Promise<number> {
  return (await session.client.workflow.count(`WorkflowType = 'incidentResponse'`)).count;
}
