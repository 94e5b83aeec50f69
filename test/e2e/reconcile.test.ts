import {
  CreateRoleCommand,
  DeleteUserPolicyCommand,
  GetUserPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { createFindSilentAlerts } from '../../activities/temporal/find-silent-alerts.js';
import { ensureReconcileSchedule } from '../../src/adapters/temporal/reconcile-schedule.js';
import { readSentNotifications } from '../../src/adapters/notify/journal.js';
import type { ContainmentState } from '../../src/contracts/containment.js';
import { alertReceivedSignal } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { ReconcileResult } from '../../src/contracts/reconcile.js';
import { CLOSED_TRUST_DOCUMENT, DENY_ALL_DOCUMENT } from '../../src/domain/planning/documents.js';
import { notificationJournal } from '../../src/worker/people-systems.js';
import { aGuardDutyFinding, aHealthEvent } from './alerts.js';
import { type Stage, test } from './stage.js';
import { until } from './until.js';

/** A user without a past, so that its incident soon comes to rest. */
const LEAKED = 'leaked';
/** Rare enough that a test looks between two checks of a containment that holds. */
const CALM = { recheckLadder: [{ everySeconds: 4 }] };

describe.concurrent('reconcile', () => {
  test('a terminated incident comes back with its exact state while its containment runs on, and is paged once for two rounds', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto', waits: CALM, playbook: 'compromised-credentials' });
    const workflowId = await contained(stage);
    await tellAgain(stage, workflowId);
    const before = await stage.incident(workflowId);
    const terminated = await terminate(stage, workflowId);
    const first = await round(stage);
    const after = await stage.incident(workflowId);
    const second = await round(stage);
    const { runId, status } = await describeRun(stage, workflowId);
    await stage.admin.iam.send(new DeleteUserPolicyCommand({ UserName: LEAKED, PolicyName: `IRQuarantine-${before.incidentId}` }));
    const end = await stage.reaches(workflowId, 'the containment tells it of a drift', ({ journal }) =>
      journal.some(({ text }) => text.includes('DRIFT denyUser')),
    );

    expect(after).toEqual(before);
    expect(first.findings.map(({ kind, incidentId }) => ({ kind, incidentId }))).toEqual([
      { kind: 'broughtBack', incidentId: before.incidentId },
    ]);
    expect(second.findings).toEqual([]);
    expect(status.name).toBe('RUNNING');
    expect(runId).not.toBe(terminated);
    expect(end.scope).not.toEqual({});
    const [page, ...others] = await pages(stage);
    expect(others).toEqual([]);
    expect(page).toMatchObject({ kind: 'page', team: 'security-engineering', incidentId: before.incidentId });
    expect(page?.title).toContain(`The incident ${workflowId} was brought back`);
    expect(page?.lines.join('\n')).toContain('terminated by tourniquet-e2e: wrong button');
    expect(page?.lines.join('\n')).toContain(`tourniquet request ${before.incidentId} close --reason "…"`);
  });

  test('a terminated containment with measures in force comes back with its exact state and goes on watching: a deny taken off meanwhile is put back', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto', waits: CALM, playbook: 'compromised-credentials' });
    const workflowId = await contained(stage);
    const { incidentId } = await stage.incident(workflowId);
    const containmentId = workflowId.replace('incident/', 'containment/');
    const before = comparable(await stage.containment(LEAKED));
    const written = stage.writes().length;
    await terminate(stage, containmentId);
    const printed = await stage.act('reconcile');
    const after = comparable(await stage.containment(LEAKED));
    const writtenAfter = stage.writes().length;
    const deny = { UserName: LEAKED, PolicyName: `IRQuarantine-${incidentId}` };
    await stage.admin.iam.send(new DeleteUserPolicyCommand(deny));
    await until('the deny is back', () =>
      stage.admin.iam.send(new GetUserPolicyCommand(deny)).then(
        () => true,
        () => undefined,
      ),
    );

    expect(after).toEqual(before);
    expect(writtenAfter).toBe(written);
    expect(printed).toContain(`broughtBack: The containment ${containmentId} was brought back`);
    expect(printed).toContain(`tourniquet undo ${incidentId} --reason "…"`);
    expect((await pages(stage)).map(({ title }) => title)).toEqual([expect.stringContaining(containmentId)]);
  });

  test('quarantine artefacts that no containment holds are paged once with the command that takes each off, and left alone', async ({
    setStage,
  }) => {
    const stage = await setStage();
    const { iam } = stage.admin;
    await stage.newUser('left-behind');
    const PolicyName = 'IRQuarantine-INC-20260301-7K2M9QXD';
    await iam.send(new PutUserPolicyCommand({ UserName: 'left-behind', PolicyName, PolicyDocument: DENY_ALL_DOCUMENT }));
    const boundary = 'arn:aws:iam::aws:policy/AWSDenyAll';
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'left-behind', PermissionsBoundary: boundary }));
    const open = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: stage.range.accountId }, Action: 'sts:AssumeRole' }],
    };
    await iam.send(new CreateRoleCommand({ RoleName: 'shut', AssumeRolePolicyDocument: JSON.stringify(open) }));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'shut', PolicyDocument: CLOSED_TRUST_DOCUMENT }));
    const first = await round(stage);
    const second = await round(stage);
    const commands = first.findings.flatMap(({ lines }) => lines.filter((line) => line.startsWith('aws ')));

    expect(first.findings.map(({ kind }) => kind)).toEqual(['orphan', 'orphan', 'orphan']);
    expect(commands.toSorted()).toEqual([
      'aws iam delete-user-permissions-boundary --user-name left-behind',
      `aws iam delete-user-policy --user-name left-behind --policy-name ${PolicyName}`,
      'aws iam update-assume-role-policy --role-name shut --policy-document file://trust-policy-before.json',
    ]);
    expect(second.findings.map(({ key }) => key)).toEqual(first.findings.map(({ key }) => key));
    const sent = await pages(stage);
    expect(sent).toHaveLength(3);
    expect(sent.flatMap(({ lines }) => lines)).toEqual(expect.arrayContaining(commands));
    expect(sent.map(({ incidentId }) => incidentId)).toContain('INC-20260301-7K2M9QXD');
    expect(stage.printed.filter((line) => line.includes(PolicyName) && line.startsWith('[page]'))).toHaveLength(1);
    expect(stage.writes()).toEqual([]);
  });

  test('a proven containment whose deny is not in AWS is paged with the command that puts it there', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto', waits: { recheckLadder: [{ everySeconds: 600 }] }, playbook: 'compromised-credentials' });
    const workflowId = await contained(stage);
    const { incidentId } = await stage.incident(workflowId);
    const PolicyName = `IRQuarantine-${incidentId}`;
    await stage.admin.iam.send(new DeleteUserPolicyCommand({ UserName: LEAKED, PolicyName }));
    const { findings } = await round(stage);

    expect(findings.map(({ kind, title }) => ({ kind, title }))).toEqual([
      { kind: 'missing', title: expect.stringContaining(`denyUser ${PolicyName}`) },
    ]);
    expect(findings[0]?.lines.at(-1)).toMatch(/^aws iam put-user-policy --user-name leaked --policy-name IRQuarantine-/);
    expect(await pages(stage)).toHaveLength(1);
  });

  test('with everything in order nothing is found or paged: an open incident, a closed one, one that was asked to cancel', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto', waits: CALM, playbook: 'compromised-credentials' });
    const workflowId = await contained(stage);
    const benign = aGuardDutyFinding(await stage.newUser('build-agent'), { type: 'Recon:IAMUser/UserPermissions', severity: 4 });
    const closed = (await stage.send(benign)).workflowId;
    await stage.session.client.workflow.getHandle(closed).result();
    const closedRun = (await describeRun(stage, closed)).runId;
    const handle = stage.session.client.workflow.getHandle(workflowId);
    const { runId } = await handle.describe();
    await handle.cancel();
    await stage.task(workflowId, 'cancelling asks why', ({ title }) => title.startsWith('Somebody cancelled this workflow'));
    const said = await stage.act('reconcile');
    const { runId: sameRun, status } = await handle.describe();

    expect(said).toBe('nothing found');
    expect(await pages(stage)).toEqual([]);
    expect({ runId: sameRun, status: status.name }).toEqual({ runId, status: 'RUNNING' });
    expect(await describeRun(stage, closed)).toMatchObject({ runId: closedRun, status: { name: 'COMPLETED' } });
  });

  test('an incident that fails at each attempt is brought back three times in an hour, then only paged', async ({ setStage }) => {
    const stage = await setStage();
    const workflowId = 'incident/111122223333/user/broken';
    await stage.session.client.workflow.start('incidentResponse', { workflowId, taskQueue: MAIN_TASK_QUEUE, args: [{ playbookId: 7 }] });
    const kinds: string[] = [];
    for (let times = 1; times <= 4; times += 1) {
      await ended(stage, workflowId, times);
      kinds.push(...(await round(stage)).findings.map(({ kind }) => kind));
    }
    const again = await round(stage);

    expect(kinds).toEqual(['broughtBack', 'broughtBack', 'broughtBack', 'notBroughtBack']);
    expect(again.findings).toMatchObject([
      { kind: 'notBroughtBack', lines: [expect.stringContaining('failed: '), expect.any(String), expect.any(String)] },
    ]);
    expect(again.findings[0]?.title).toContain('HAS ENDED AND DOES NOT RUN: it ended 4 times in an hour');
    expect(await pages(stage)).toHaveLength(4);
    expect(await endings(stage, workflowId)).toBe(4);
  });

  test('alerts without outcome are paged: one lost on its way, and one that is open for more than five minutes', async ({ setStage }) => {
    const stage = await setStage();
    const { client } = stage.session;
    const lost = await client.workflow.start('alertIntake', {
      workflowId: 'alert/health/lost/1',
      taskQueue: MAIN_TASK_QUEUE,
      args: [{}],
      staticSummary: 'health · HIGH · key exposed',
    });
    await client.workflow.start('alertIntake', { workflowId: 'alert/health/stuck/1', taskQueue: 'nobody', args: [{}] });
    await expect(lost.result()).rejects.toThrow();
    await ended(stage, lost.workflowId, 1);
    const { findings } = await round(stage);
    const inSixMinutes = createFindSilentAlerts({ client: client.workflow, nowMs: () => Date.now() + 360_000 });
    const later = await until('both are found', async () => {
      const found = await inSixMinutes();
      return found.length === 2 ? found : undefined;
    });

    expect(findings).toMatchObject([{ kind: 'silentAlert', title: 'An alert was lost on its way: health · HIGH · key exposed' }]);
    expect(findings[0]?.lines.join('\n')).toContain('temporal workflow reset --workflow-id alert/health/lost/1 --type LastWorkflowTask');
    expect(later.map(({ title }) => title).toSorted()).toEqual([
      'An alert has no outcome after 6 minutes: alert/health/stuck/1',
      'An alert was lost on its way: health · HIGH · key exposed',
    ]);
    expect(await pages(stage)).toHaveLength(1);
  });

  test('the schedule is made once, a second worker changes nothing, a pause stays, and doctor says where it stands', async ({
    setStage,
  }) => {
    const stage = await setStage();
    const { client } = stage.session;
    const doctor = async (): Promise<string> =>
      (await stage.cli('doctor', '--json')).text.split('\n').find((line) => line.includes('reconcileSchedule')) ?? '';
    const none = await doctor();
    await ensureReconcileSchedule(client);
    const handle = client.schedule.getHandle('reconcile');
    await handle.trigger();
    await until('a scheduled round has ended', async () => {
      for await (const { status } of client.workflow.list({ query: "WorkflowType = 'reconcile'" }))
        if (status.name === 'COMPLETED') return true;
      return undefined;
    });
    const made = await doctor();
    await handle.pause('maintenance');
    await ensureReconcileSchedule(client);
    const paused = await doctor();
    const { spec, policies } = await handle.describe();

    expect(JSON.parse(none)).toMatchObject({ status: 'warn', detail: expect.stringContaining('there is none') });
    expect(JSON.parse(made)).toMatchObject({ status: 'ok', detail: expect.stringContaining('next round') });
    expect(JSON.parse(paused)).toMatchObject({ status: 'warn', detail: 'paused: maintenance' });
    expect(spec.intervals).toMatchObject([{ every: 300_000 }]);
    expect(policies.overlap).toBe('SKIP');
  });
});

/** A public key, contained and proven, with nothing of the incident under way. Returns the incident's workflow id. */
async function contained(stage: Stage): Promise<string> {
  const { workflowId } = await stage.send(aHealthEvent(await stage.newUser(LEAKED)));
  await stage.reaches(workflowId, 'all that runs by itself has ended', ({ steps }) =>
    ['contain', 'ticket', 'notify', 'preserveEvidence', 'timeline'].every((step) =>
      ['done', 'blocked'].includes(steps[step]?.status ?? ''),
    ),
  );
  return workflowId;
}

/** A repeated alert changes nothing, so the last workflow task, which a reset does again, has no times of its own. */
async function tellAgain(stage: Stage, workflowId: string): Promise<void> {
  const { alerts, resolution } = await stage.incident(workflowId);
  const [alert] = alerts.kept;
  if (alert === undefined || resolution === undefined) throw new Error('the incident knows no alert');
  const { historyLength } = await describeRun(stage, workflowId);
  await stage.session.client.workflow.getHandle(workflowId).signal(alertReceivedSignal, alert, resolution);
  await until('the repeat is handled', async () =>
    (await describeRun(stage, workflowId)).historyLength >= historyLength + 4 ? true : undefined,
  );
}

function describeRun({ session }: Stage, workflowId: string) {
  return session.client.workflow.getHandle(workflowId).describe();
}

async function terminate(stage: Stage, workflowId: string): Promise<string> {
  const { runId } = await describeRun(stage, workflowId);
  await stage.session.client.workflow.getHandle(workflowId).terminate('wrong button');
  await ended(stage, workflowId, 1);
  return runId;
}

/** Visibility is a moment behind; `reconcile` reads it. */
async function ended(stage: Stage, workflowId: string, times: number): Promise<void> {
  await until(`${workflowId} has ended ${times} times`, async () => ((await endings(stage, workflowId)) >= times ? true : undefined));
}

async function endings({ session }: Stage, workflowId: string): Promise<number> {
  return (await session.client.workflow.count(`WorkflowId = '${workflowId}' AND ExecutionStatus IN ('Terminated', 'Failed')`)).count;
}

/** One round, as the schedule starts it, but sure of what it sees in AWS after a second. */
async function round({ session }: Stage): Promise<ReconcileResult> {
  const result: unknown = await session.client.workflow.execute('reconcile', {
    workflowId: 'reconcile',
    taskQueue: MAIN_TASK_QUEUE,
    args: [{ confirmAfterSeconds: 1 }],
  });
  return ReconcileResult.parse(result);
}

async function pages({ env }: Stage): Promise<Awaited<ReturnType<typeof readSentNotifications>>> {
  const sent = await readSentNotifications(notificationJournal(env.dataDir));
  return sent.filter(({ notificationId }) => notificationId.startsWith('reconcile/'));
}

/** A re-check may have run since: how often, and how far CloudTrail was read, may differ. */
function comparable(state: ContainmentState): object {
  return { ...state, checks: 0, view: { ...state.view, limits: [], provenBy: [] } };
}
