import { DetachUserPolicyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { exposedKey, finding, report } from '../fixtures/lab/alerts.js';
import { CONTAINMENT, INCIDENT } from '../fixtures/lab/lab.js';
import { answer, approve, consentToContain, openTask, setMode, untilProven } from '../fixtures/lab/people.js';
import { followUpToItsEnd, reconcileOnce } from './after-care.js';
import {
  actByHand,
  closeByTwo,
  closedIncident,
  endedIntake,
  joinFromAnotherLock,
  pressOn,
  QUARANTINE_ARN,
  rollOver,
  stripInlineDeny,
  USUAL_ADDRESS,
} from './moves.js';
import { INTAKE_SCENARIOS } from './intake-scenarios.js';
import { BOTH, type Scenario } from './scenario.js';
import { WHOLE_SCENARIOS } from './whole-scenarios.js';

/** Every branch with a recording: the key is part of its file's name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'confirmed-auto': {
    shows: 'a public key is contained without a person, every step is done, two people close the incident',
    keeps: ['alertIntake', 'incidentResponse', 'containPrincipal', 'responderGuard'],
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      await pressOn(lab);
      await closeByTwo(lab);
    },
  },
  guarded: {
    shows: 'a public key of an account in an organization is contained by the quarantine SCP too, through the roles of hub and spoke',
    keeps: ['containPrincipal', 'quarantineScp'],
    options: { guarded: true },
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
    },
  },
  'confirmed-approved': {
    shows: 'in mode approve one person signs the plan of a public key',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'approve');
      await lab.receive(exposedKey(lab.range));
      await consentToContain(lab);
      await untilProven(lab);
    },
  },
  'suspected-decided': {
    shows: 'a person confirms a suspicion, another consents, and the containment is proven',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(report(lab.range));
      await answer(lab, await openTask(lab, 'decision', /Suspected/), 'confirm');
      await consentToContain(lab);
      await untilProven(lab);
    },
  },
  'suspected-rule': {
    shows: 'nobody answers a suspicion: the rule acts, and the later answer is heard',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(report(lab.range));
      await lab.untilIncident('the rule speaks', ({ mayProceed }) => mayProceed === 'rule');
      await untilProven(lab);
      await answer(lab, await openTask(lab, 'decision', /Suspected/), 'confirm');
      await lab.untilIncident('contain is done', ({ steps }) => steps['contain']?.status === 'done');
    },
  },
  benign: {
    shows: 'a finding without weight closes as benign and releases its claim',
    keeps: ['alertIntake', ...BOTH],
    play: async (lab) => {
      await lab.receive(finding(lab.range, { type: 'Recon:IAMUser/UserPermissions', severity: 2, address: USUAL_ADDRESS }));
      await closedIncident(lab);
    },
  },
  'sample-ignored': {
    shows: 'a sample finding opens nothing',
    keeps: ['alertIntake'],
    play: async (lab) => {
      await lab.receive(finding(lab.range, { sample: true }));
      await endedIntake(lab);
    },
  },
  joined: {
    shows: 'a second source and a second lock on one principal end in one incident',
    keeps: ['alertIntake', ...BOTH],
    play: async (lab) => {
      await lab.receive(report(lab.range));
      await openTask(lab, 'decision', /Suspected/);
      await lab.receive(finding(lab.range, { severity: 8 }));
      await lab.untilIncident('the second source', ({ alerts }) => alerts.total === 2);
      await joinFromAnotherLock(lab);
    },
  },
  'observe-by-hand': {
    shows: 'in mode observe a person makes the calls, and the watch proves it',
    keeps: BOTH,
    play: async (lab) => {
      await lab.receive(exposedKey(lab.range));
      const task = await openTask(lab, 'manual', /by hand/);
      await actByHand(lab);
      await answer(lab, task, 'done');
      await untilProven(lab);
    },
  },
  restore: {
    shows: 'two people take a false positive back',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      const { incidentId } = await lab.incident();
      await lab.person('alex', 'undo', incidentId, '--reason', 'planned rotation');
      await approve(lab, await openTask(lab, 'consent', /^Undo/));
      await closedIncident(lab);
    },
  },
  'restore-conflict': {
    shows: 'the undo meets a field that somebody changed since, asks, and leaves it',
    keeps: BOTH,
    options: { waits: { recheckLadder: [{ everySeconds: 30 }] } },
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      const { incidentId } = await lab.incident();
      await stripInlineDeny(lab, { leaving: 'another document' });
      await lab.person('alex', 'undo', incidentId, '--reason', 'planned rotation');
      await approve(lab, await openTask(lab, 'consent', /^Undo/));
      await answer(lab, await openTask(lab, 'decision', /not as we left it/), 'keep');
      await closedIncident(lab);
    },
  },
  'failed-write-retry': {
    shows: 'AWS refuses one write; after the permission is fixed a retry completes the containment',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
      lab.range.faults.add({ id: 'refused', match: { api: 'iam:PutUserPolicy' }, effect });
      await lab.receive(exposedKey(lab.range));
      const task = await openTask(lab, 'blocked', /refused/);
      lab.range.faults.remove('refused');
      const { incidentId } = await lab.incident();
      await lab.person('alex', 'retry', incidentId, task.taskId, '--reason', 'the permission is there now');
      await lab.untilContainment('every call is accepted', ({ view }) => view.failedMeasures.length === 0 && view.inForce.length >= 4);
      await untilProven(lab);
    },
  },
  'guard-stop-go': {
    shows: 'a stopped guard holds the write until it is lifted',
    keeps: ['containPrincipal', 'responderGuard'],
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.person('lea', 'guard', 'stop', '--reason', 'storm of false alarms');
      await lab.receive(exposedKey(lab.range));
      await lab.untilContainment('held', ({ view }) => view.headline.startsWith('held'));
      await lab.person('lea', 'guard', 'go');
      await untilProven(lab);
    },
  },
  'continued-as-new': {
    shows: 'incident and containment go on in new runs while the containment holds',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      await rollOver(lab, { incidentAfter: 60, containmentAfter: 60 });
    },
  },
  drift: {
    shows: 'a stripped deny is put back and the incident says so',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      await stripInlineDeny(lab, { leaving: 'nothing' });
      await lab.untilIncident('the drift is in the journal', ({ journal }) => journal.some(({ text }) => text.includes('DRIFT denyUser')));
    },
  },
  'proven-withdrawn': {
    shows: 'a deny that somebody took and that cannot be put back withdraws the proof',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      const { accessKeyId } = lab.range.identities.responder;
      const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
      lab.range.faults.add({ id: 'refused', match: { api: 'iam:AttachUserPolicy', accessKeyId }, effect });
      await lab.admin.send(new DetachUserPolicyCommand({ UserName: 'ci-deploy', PolicyArn: QUARANTINE_ARN }));
      await lab.untilIncident('withdrawn', ({ scope }) => Object.values(scope).some(({ withdrawn }) => withdrawn === 1));
      lab.range.faults.remove('refused');
      await untilProven(lab);
    },
  },
  cancelled: {
    shows: 'a cancel request in Temporal undoes nothing and asks why; the owner’s word and a later alert are heard',
    keeps: BOTH,
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      const { client } = lab.session;
      const { incidentId } = await lab.incident();
      await client.workflow.getHandle(CONTAINMENT).cancel();
      await client.workflow.getHandle(INCIDENT).cancel();
      await answer(lab, await openTask(lab, 'decision', /cancelled the containment/), 'goOn');
      await answer(lab, await openTask(lab, 'decision', /cancelled this workflow/), 'goOn');
      await lab.person('omar', 'request', incidentId, 'wasMe', '--reason', 'planned work');
      await lab.admin.send(
        new UpdateAccessKeyCommand({ UserName: 'ci-deploy', AccessKeyId: lab.range.identities.leaked.accessKeyId, Status: 'Active' }),
      );
      await lab.receive(finding(lab.range));
      await lab.untilIncident('the late alert', ({ alerts }) => alerts.total === 2);
    },
  },
  reconciled: {
    shows: 'one round brings a terminated containment back and tells of a deny that no containment holds',
    keeps: ['reconcile'],
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      await reconcileOnce(lab);
    },
  },
  'followed-up': {
    shows: 'a follow-up is noted in, paused, asked to cancel, and closes when one step is skipped and four are done',
    keeps: ['followUp'],
    play: async (lab) => {
      await setMode(lab, 'auto');
      await lab.receive(exposedKey(lab.range));
      await untilProven(lab);
      await closeByTwo(lab);
      await followUpToItsEnd(lab);
    },
  },
  ...WHOLE_SCENARIOS,
  ...INTAKE_SCENARIOS,
};
