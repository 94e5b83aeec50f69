import { CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { incidentQuery } from '../../src/contracts/messages.js';
import { MAIN_TASK_QUEUE } from '../../src/contracts/names.js';
import { newFollowUp } from '../../src/domain/engine/follow-up.js';
import { DENY_ALL_DOCUMENT } from '../../src/domain/planning/documents.js';
import { createPolicies } from '../../src/playbooks/load.js';
import { CONTAINMENT, type Lab, until } from '../fixtures/lab/lab.js';

const STEPS = ['lessonsLearned', 'updateDetection', 'preventativeMeasures', 'training'];

/** Somebody terminates the containment and leaves a deny on a user that nobody contains; one round of `reconcile` meets both. */
export async function reconcileOnce(lab: Lab): Promise<void> {
  const { workflow } = lab.session.client;
  await workflow.getHandle(CONTAINMENT).terminate('the wrong button');
  const PolicyName = 'IRQuarantine-INC-20261122-0RPHAN00';
  const UserName = 'left-behind';
  await lab.admin.send(new CreateUserCommand({ UserName }));
  await lab.admin.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: DENY_ALL_DOCUMENT }));
  await until('the end is listed', async () => ((await workflow.count(`ExecutionStatus = 'Terminated'`)).count === 1 ? true : undefined));
  await workflow.execute('reconcile', { workflowId: 'reconcile', taskQueue: MAIN_TASK_QUEUE, args: [{ confirmAfterSeconds: 1 }] });
}

/** The follow-up of the lab's closed incident with the shipped playbook: a note, a pause, a cancel, a skip, and all steps done. */
export async function followUpToItsEnd(lab: Lab): Promise<void> {
  const state = await lab.incident();
  const pin = await createPolicies(lab.stage.env.policyDir).pin('compromised-credentials', 'lab-waits');
  const workflowId = `follow-up/${state.incidentId}`;
  const args = [{ state: newFollowUp({ ...state, pin }, Date.now()) }];
  const handle = await lab.session.client.workflow.start('followUp', { workflowId, taskQueue: MAIN_TASK_QUEUE, args });
  const tasks = (count: number) => async () => ((await handle.query(incidentQuery)).tasks.length === count ? true : undefined);
  await until('it has tasks', tasks(STEPS.length + 1));
  await lab.person('alex', 'note', workflowId, 'the review is on Thursday');
  await lab.person('alex', 'pause', workflowId, 'training', '--for', '1h', '--reason', 'waiting for the new course');
  await handle.cancel();
  await until('cancelling asks why', tasks(STEPS.length + 2));
  await lab.person('alex', 'complete', workflowId, 'T6', '--choice', 'goOn', '--reason', 'a mistake');
  await lab.person('alex', 'skip', workflowId, 'documentation', '--reason', 'written already');
  for (const step of STEPS) await lab.person('alex', 'complete', workflowId, step, '--reason', 'done');
  await handle.result();
}
