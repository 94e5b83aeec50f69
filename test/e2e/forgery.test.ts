import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { createLocalAuthority, ensureLocalKeys } from '../../src/adapters/authority/local.js';
import type { Alert } from '../../src/contracts/alert.js';
import type { Authority, Consent } from '../../src/contracts/authority.js';
import type { ContainmentInput, ContainmentOrder, ContainmentState } from '../../src/contracts/containment.js';
import { actUpdate, containmentOrderSignal, containmentQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import type { Plan } from '../../src/contracts/plan.js';
import { planHash } from '../../src/domain/planning/plan-principal.js';
import { createPolicies } from '../../src/playbooks/load.js';
import { aGuardDutyFinding, aHealthEvent } from './alerts.js';
import { test, type Stage } from './stage.js';
import { until } from './until.js';

describe.concurrent('made up', () => {
  test('a containment started straight in Temporal with a forged receipt, forged consents or a made-up plan writes nothing', async ({
    setStage,
  }) => {
    const stage = await setStage({ mode: 'auto' });
    const victim = await stage.newUser('victim');
    // A real, benign alert about the victim: its receipt is genuine, its plan would be read-only.
    const { workflowId } = await stage.send(aGuardDutyFinding(victim, { type: 'Recon:IAMUser/UserPermissions', severity: 4 }));
    const closed = await stage.reaches(workflowId, 'the benign incident is closed', ({ phase }) => phase === 'closed');
    const real = await until('its containment is let go', async () => {
      const containment = await stage.containment('victim');
      return containment.view.state === 'released' ? containment : undefined;
    });
    const [genuine] = closed.alerts.kept;
    const { plan } = real;
    if (genuine === undefined || plan === undefined) throw new Error('the incident has no alert or plan');
    const loud: Alert = { ...genuine, severity: 'CRITICAL', facts: { ...genuine.facts, publicExposure: true, score: 9 } };
    const consents = await forgedConsents(stage, plan, closed.incidentId);
    const evil = madeUp(plan);
    const planned = { ...real, runs: 0, phase: 'apply' as const, view: { ...real.view, state: 'planned' as const } };
    const from = (over: Plan, authority: Authority): ContainmentState => ({ ...planned, plan: over, authority });

    const attempts: Record<string, { start: Partial<ContainmentInput>; order?: ContainmentOrder }> = {
      'forged receipt': { start: { alerts: [loud] }, order: { order: 'proceed', authority: { by: 'alert', alert: loud } } },
      'forged consents': { start: {}, order: { order: 'proceed', authority: { by: 'people', consents, alerts: [genuine] } } },
      'made-up plan, genuine receipt': { start: { resume: from(evil, { by: 'alert', alert: genuine }) } },
      'made-up plan, forged receipt': { start: { resume: from(evil, { by: 'alert', alert: loud }) } },
      'real plan, genuine alert of too little weight': { start: { resume: from(plan, { by: 'alert', alert: genuine }) } },
      'real plan, no-answer rule that does not exist': {
        start: { resume: from(plan, { by: 'rule', ruleId: 'my-own-rule', version: '1', alert: genuine }) },
      },
      'restore of what was never written': { start: {}, order: { order: 'restore', consents } },
    };
    const input: ContainmentInput = {
      principal: plan.principal,
      incidentId: closed.incidentId,
      ownerWorkflowId: workflowId,
      waits: closed.pin?.waits ?? unpinned(),
      alerts: [genuine],
    };
    const ends: Record<string, string> = {};
    for (const [name, { start, order }] of Object.entries(attempts)) {
      const id = `containment/made-up/${randomUUID()}`;
      const handle = await stage.session.client.workflow.start('containPrincipal', {
        workflowId: id,
        taskQueue: MAIN_TASK_QUEUE,
        args: [{ ...input, ...start }],
      });
      if (order !== undefined) await handle.signal(containmentOrderSignal, order);
      const end = await until(`"${name}" comes to nothing`, async () => {
        const { view } = await handle.query(containmentQuery);
        const stands = view.needs.length > 0 || view.failedMeasures.length > 0 || view.state === 'released';
        return stands ? view : undefined;
      });
      ends[name] = `${end.state} · ${end.failedMeasures[0]?.reason ?? end.headline}`;
    }

    expect(stage.writes()).toEqual([]);
    expect(ends['made-up plan, genuine receipt']).toMatch(/the call is not one that Tourniquet plans/);
    expect(ends['made-up plan, forged receipt']).toMatch(/the call is not one that Tourniquet plans/);
    expect(ends['real plan, no-answer rule that does not exist']).toMatch(/knows no no-answer rule my-own-rule/);
    expect(ends['real plan, genuine alert of too little weight']).toMatch(/wants 1 signature/);
    expect(ends['forged receipt']).toMatch(/the receipt of alert guardduty does not hold/);
    expect(ends['forged consents']).toMatch(/0 of 1 consent\(s\) hold for contain .*the signature is not lea's/);
    expect(Object.values(ends).join('\n').replaceAll('not proven', '')).not.toContain('proven');
  });

  test('a consent that has expired, is dated in the future or was signed by another person is refused', async ({ setStage }) => {
    const stage = await setStage({ mode: 'approve' });
    const { workflowId } = await stage.send(aHealthEvent(await stage.newUser('victim')));
    const task = await stage.task(workflowId, 'a consent is asked', ({ kind }) => kind === 'consent');
    if (task.consent === undefined) throw new Error('the task asks for no consent');
    const { ownerSubjects, ...wanted } = task.consent;
    expect(ownerSubjects).toEqual([]);
    const [hourAgo, hourAhead] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
    const good = { ...wanted, issuer: 'local', decision: 'approve' as const, decidedAt: new Date().toISOString() };
    const sign = (subject: string, change: Partial<Consent>): Promise<string> =>
      stage.authority.signConsent(subject, { ...good, subject, team: 'security-lead', nonce: randomUUID(), ...change });
    const send = async (record: string): Promise<string> => {
      const act = {
        actId: randomUUID(),
        subject: 'lea',
        act: 'decide' as const,
        taskId: task.taskId,
        choice: 'approve',
        reason: 'r',
        record,
      };
      const { accepted, message } = await stage.session.client.workflow.getHandle(workflowId).executeUpdate(actUpdate, { args: [act] });
      return `${accepted}: ${message}`;
    };

    expect(await send(await sign('lea', { expiresAt: hourAgo ?? '' }))).toBe(`false: it expired at ${hourAgo}`);
    expect(await send(await sign('lea', { decidedAt: hourAhead ?? '' }))).toBe(`false: it is dated in the future: ${hourAhead}`);
    expect(await send(await sign('mara', { team: 'incident-management' }))).toBe('false: it is signed by mara, sent by lea');
    expect(await send(await sign('lea', { planSha256: 'f'.repeat(64) }))).toBe('false: it was given for another plan');
    expect(await send(await sign('lea', { incidentId: 'INC-20200101-AAAAAAAA' }))).toMatch(/^false: it was given for incident /);
    expect(await send('not.a.signature')).toMatch(/^false: /);
    expect(stage.writes()).toEqual([]);

    expect(await send(await sign('lea', {}))).toMatch(/^true: /);
    await stage.reaches(workflowId, 'the good one counts', ({ steps }) => steps['contain']?.status === 'done');
  });
});

/** Consents of lea and mara, signed with keys the forger made. */
async function forgedConsents(stage: Stage, plan: Plan, incidentId: string): Promise<string[]> {
  const keyDir = `${stage.env.dataDir}/forger`;
  await ensureLocalKeys(keyDir, ['lea', 'mara']);
  const forger = createLocalAuthority({ keyDir, people: createPolicies(stage.env.policyDir).people });
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  return Promise.all(
    [
      ['lea', 'security-lead'],
      ['mara', 'incident-management'],
    ].map(([subject = '', team = '']) =>
      forger.signConsent(subject, {
        incidentId,
        action: 'contain',
        principalUniqueId: plan.principal.uniqueId,
        planSha256: plan.planSha256,
        tier: plan.tier,
        subject,
        issuer: 'local',
        team,
        decision: 'approve',
        decidedAt: new Date().toISOString(),
        expiresAt: soon,
        nonce: randomUUID(),
      }),
    ),
  );
}

/** The plan with an Allow in place of the deny, under a hash that fits. */
function madeUp(plan: Plan): Plan {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  const measures = plan.measures
    .filter(({ measure }) => measure === 'denyUser')
    .map((measure) => ({ ...measure, calls: measure.calls.map(({ api, params }) => ({ api, params: { ...params, PolicyDocument } })) }));
  return { ...plan, measures, planSha256: planHash({ ...plan, measures }), tier: 'A0', quorum: 0 };
}

function unpinned(): never {
  throw new Error('the incident has no playbook');
}
