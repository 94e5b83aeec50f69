import { describe, expect } from 'vitest';
import { outsideOf } from '../../src/drill/verdict.js';
import { aGuardDutyFinding, aHealthEvent, suspectIn } from './alerts.js';
import { journalOf, test } from './stage.js';
import { until } from './until.js';

/** AnomalousBehavior +35 and severity 7 or more +25: a person decides. */
const SUSPECTED = { type: 'CredentialAccess:IAMUser/AnomalousBehavior', severity: 7.5 };

describe.concurrent('confirmed', () => {
  test('an exposed key under attack is contained: proven by named signs over a 3 s window, drift undone, nobody else touched', async ({
    setStage,
  }) => {
    const propagationSeconds = { min: 1.5, max: 3 };
    const stage = await setStage({ mode: 'auto', range: { propagationSeconds } });
    const { range } = stage;
    const outside = outsideOf(range, 'ci-deploy');
    range.startActors(['opportunist', 'innocent']);
    await until('the attacker has minted a session', () =>
      range.ledger().find(({ api, allowed }) => api === 'sts:GetSessionToken' && allowed),
    );

    const { workflowId } = await stage.send(aHealthEvent(suspectIn(range, 'ci-deploy')));
    await stage.containmentReaches(workflowId, 'both changes of the attacker are put back', ({ drifts }) => drifts >= 2);
    const view = await stage.containmentReaches(workflowId, 'the containment is proven', ({ state }) => state === 'proven');
    const state = await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');
    await range.stopActors();

    expect(state.verdict).toMatchObject({ verdict: 'confirmed', confirmedFrom: 70 });
    const signals = state.verdict?.signals.map(({ id, weight }) => `${id} +${weight}`).join(', ') ?? '';
    expect(signals).toContain('publicExposure +80, ');
    expect(journalOf(state)).toContain(`confirmed, sum ${state.verdict?.sum} (confirmed from 70, suspected from 30): ${signals}`);
    expect(await stage.act('show', workflowId)).toContain(`confirmed (sum ${state.verdict?.sum})`);
    expect(view.provenBy.join('\n')).toMatch(/AccessDenied for \w+ at .+ \(event .+\), \d+ refused in all/);
    expect(view.provenBy.join('\n')).toContain('explicit deny in simulation and every access key Inactive');
    expect(view.provenBy.join('\n')).toMatch(/no successful call from .+Z to .+Z \(quiet window 3 s\)/);
    expect(journalOf(state)).toMatch(/DRIFT denyUser .+ put back at/);
    expect(journalOf(state)).toMatch(/DRIFT deactivateAccessKey .+ was Active; put back at/);
    expect(range.attackerAccess().filter(({ alive }) => alive)).toEqual([]);
    expect(range.attackerAccess().some(({ credential }) => credential.startsWith('ASIA'))).toBe(true);
    expect(outsideOf(range, 'ci-deploy')).toBe(outside);
    expect(range.ledger().filter(({ actor, allowed }) => actor === 'innocent' && !allowed)).toEqual([]);
    for (const api of ['iam:UpdateAccessKey', 'iam:DeleteUserPolicy']) {
      const undo = api === 'iam:UpdateAccessKey' ? api : 'iam:PutUserPolicy';
      const harm = range.ledger().find((entry) => entry.actor === 'opportunist' && entry.api === api && entry.allowed);
      const mended = stage.writes().find((write) => write.api === undo && harm !== undefined && write.at > harm.at);
      // A round is 0.5 s; the rest is for a busy machine.
      expect(Date.parse(mended?.at ?? '') - Date.parse(harm?.at ?? '')).toBeLessThan(2_500);
    }
  });
});

describe.concurrent('suspected', () => {
  test('a person confirms a suspected alert of sum 60 and it is contained', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    const { workflowId } = await stage.send(aGuardDutyFinding(await stage.newUser('reports'), SUSPECTED));
    const task = await stage.task(workflowId, 'somebody is asked', ({ kind }) => kind === 'decision');
    expect(stage.writes()).toEqual([]);

    await stage.act('complete', workflowId, task.taskId, '--choice', 'confirm', '--as', 'alex', '--reason', 'not our tool');
    await stage.containmentReaches(workflowId, 'the containment is proven', ({ state }) => state === 'proven');

    expect(task.lookAt[0]).toBe('suspected, sum 60 (confirmed from 70, suspected from 30): anomalousBehavior +35, highSeverity +25');
    expect((await stage.incident(workflowId)).steps['validate']).toMatchObject({
      status: 'done',
      outcome: 'confirm by alex: not our tool',
    });
  });

  test('a person calls a suspected alert benign and the incident closes with nothing written', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    const { workflowId } = await stage.send(aGuardDutyFinding(await stage.newUser('reports'), SUSPECTED));
    const task = await stage.task(workflowId, 'somebody is asked', ({ kind }) => kind === 'decision');

    await stage.act('complete', workflowId, task.taskId, '--choice', 'benign', '--as', 'alex', '--reason', 'load test');
    const closed = await stage.reaches(workflowId, 'the incident is closed', ({ phase }) => phase === 'closed');

    expect(closed.closing).toMatchObject({ outcome: 'benign', reason: 'benign: benign by alex: load test' });
    expect(stage.writes()).toEqual([]);
    await until('the containment is let go', async () =>
      (await stage.containment('reports')).view.state === 'released' ? true : undefined,
    );
  });

  test('without an answer in 3 s rule suspected-no-answer v1 applies the reversible subset, and a later confirm is still heard', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto', waits: { suspectedAnswerMinutes: 0.05 } });
    const { workflowId } = await stage.send(aGuardDutyFinding(await stage.newUser('reports'), SUSPECTED));

    const proven = await stage.reaches(workflowId, 'the rule has contained it', ({ scope }) => Object.values(scope)[0]?.state === 'proven');
    const containment = await stage.containment('reports');
    const open = await stage.task(workflowId, 'the question is still open', ({ kind }) => kind === 'decision');
    expect(journalOf(proven)).toMatch(/rule suspected-no-answer v1 says reversibleSubset: only measures with an exact undo/);
    expect(proven.mayProceed).toBe('rule');
    expect(proven.steps['contain']?.status).toBe('waiting');
    expect(containment.authority).toMatchObject({ by: 'rule', ruleId: 'suspected-no-answer', version: '1' });
    expect(containment.plan?.measures.map(({ reversible }) => reversible)).toEqual(['exact', 'exact', 'exact', 'exact']);

    await stage.act('complete', workflowId, open.taskId, '--choice', 'confirm', '--as', 'alex', '--reason', 'seen in the logs');
    const confirmed = await stage.reaches(workflowId, 'contain is green', ({ steps }) => steps['contain']?.status === 'done');
    expect(confirmed.mayProceed).toBe('alert');
    expect(confirmed.steps['validate']?.outcome).toBe('confirm by alex: seen in the logs');
  });
});

describe.concurrent('benign', () => {
  test('a benign alert closes its incident with the printed sum of 0 and nothing is written', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });
    const suspect = await stage.newUser('build-agent');

    const { workflowId } = await stage.send(aGuardDutyFinding(suspect, { type: 'Recon:IAMUser/UserPermissions', severity: 4 }));
    const closed = await stage.reaches(workflowId, 'the incident is closed', ({ phase }) => phase === 'closed');

    expect(closed.closing).toMatchObject({ outcome: 'benign' });
    expect(journalOf(closed)).toContain('benign, sum 0 (confirmed from 70, suspected from 30): no signal');
    expect(stage.writes()).toEqual([]);
  });

  test('a [SAMPLE] finding opens nothing', async ({ setStage }) => {
    const stage = await setStage({ mode: 'auto' });

    const outcome = await stage.send(aGuardDutyFinding(suspectIn(stage.range, 'ci-deploy'), { ...SUSPECTED, sample: true }));

    expect(outcome).toMatchObject({ outcome: 'ignored', reason: 'a GuardDuty sample finding, not an event' });
    const { count } = await stage.session.client.workflow.count(`WorkflowType = 'incidentResponse' OR WorkflowType = 'containPrincipal'`);
    expect(count).toBe(0);
  });
});
