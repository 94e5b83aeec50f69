import { CreateLoginProfileCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Principal } from '../../src/contracts/principal.js';
import { aContainmentOf, anUndo, aRig, aSignedAlert, aWrite, type Containment, failureOf, type Rig, run } from '../fixtures/activities.js';
import { clientsOf, INCIDENT_ID, writesOfResponder } from '../fixtures/range.js';
import { principalOf } from '../fixtures/restore.js';

let rig: Rig;
let dana: Principal;
beforeAll(async () => {
  rig = await aRig();
  dana = await principalOf(rig, 'arn:aws:iam::111122223333:user/people/dana');
});
afterAll(() => rig.close());

const hasPassword = (): boolean | undefined => rig.range.iamState().users.find(({ name }) => name === 'dana')?.hasPassword;

/** A plan whose alert says that AWS reports dana's key as public: tier A0, carried out without a person. */
async function anAutomaticPlan(): Promise<Containment> {
  const hints = { accessKeyId: rig.range.identities.innocent.accessKeyId, userName: 'dana' };
  const alert = await aSignedAlert(rig, { hints, publicExposure: true });
  const plan = await run(rig.activities.main.planContainment, { incidentId: INCIDENT_ID, principal: dana, alerts: [alert] });
  return { rig, alert, principal: dana, plan };
}

it('is never part of a plan of tier A0, which says that signing in stays possible', async () => {
  const { plan } = await anAutomaticPlan();

  expect(plan).toMatchObject({ tier: 'A0', quorum: 0 });
  expect(plan.measures.map(({ measure }) => measure)).not.toContain('deleteLoginProfile');
  expect(plan.measures.every(({ reversible }) => reversible === 'exact')).toBe(true);
  expect(plan.doesNotStop.join()).toContain('signing in with the console password');
});

it('is refused without a signature, by an alert and by the no-answer rule, while the rest of the plan is carried out', async () => {
  const { alert } = await anAutomaticPlan();
  const planned = await aContainmentOf(rig, dana);
  const oldAlert = await aSignedAlert(rig, { hints: alert.hints, receivedAt: new Date(Date.now() - 60_000).toISOString() });
  const rule = { by: 'rule', ruleId: 'suspected-no-answer', version: '1', alert: oldAlert } as const;
  const before = writesOfResponder(rig.range).length;

  const byAlert = await failureOf(
    run(rig.activities.respond.deleteLoginProfile, await aWrite(planned, 'deleteLoginProfile', { authority: { by: 'alert', alert } })),
  );
  const byRule = await failureOf(
    run(rig.activities.respond.deleteLoginProfile, await aWrite(planned, 'deleteLoginProfile', { authority: rule })),
  );
  const deny = await run(rig.activities.respond.denyUser, await aWrite(planned, 'denyUser', { authority: rule }));

  expect([byAlert.type, byRule.type]).toEqual(['UnsafeAction', 'UnsafeAction']);
  expect(byRule.message).toContain('exactly reversible');
  expect(deny.changed).toBe(true);
  expect(writesOfResponder(rig.range).slice(before)).toEqual(['iam:PutUserPolicy']);
  expect(hasPassword()).toBe(true);
});

it('deletes the password once under a signature; its undo says that the owner needs a new one, and is content with that', async () => {
  const planned = await aContainmentOf(rig, dana);
  const call = planned.plan.measures.find(({ measure }) => measure === 'deleteLoginProfile');
  rig.range.faults.add({ id: 'lost', match: { api: 'iam:DeleteLoginProfile' }, times: 1, effect: { kind: 'loseAnswer' } });

  const first = await run(rig.activities.respond.deleteLoginProfile, await aWrite(planned, 'deleteLoginProfile'));
  const second = await run(rig.activities.respond.deleteLoginProfile, await aWrite(planned, 'deleteLoginProfile'));
  const gone = hasPassword();
  const refused = await failureOf(run(rig.activities.respond.undoDeleteLoginProfile, await anUndo(planned, second)));
  await clientsOf(rig.range, 'admin').iam.send(new CreateLoginProfileCommand({ UserName: 'dana', Password: 'A-New-Horse-7-Battery' }));
  const undone = await run(rig.activities.respond.undoDeleteLoginProfile, await anUndo(planned, second));

  expect(call).toMatchObject({ reversible: 'replacement', layer: 'credential' });
  expect(first).toMatchObject({ changed: true, before: 'present', after: 'absent' });
  expect(second).toMatchObject({ changed: false, before: 'present' });
  expect(gone).toBe(false);
  expect(refused).toMatchObject({ type: 'PreconditionFailed', retryable: false });
  expect(refused.message).toContain('its owner needs a new one');
  expect(undone.changed).toBe(false);
});
