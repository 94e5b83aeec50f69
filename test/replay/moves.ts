import {
  AttachUserPolicyCommand,
  DeleteUserPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { exposedKey, finding } from '../fixtures/lab/alerts.js';
import { deliveryOf, startContainment, startIncident } from '../fixtures/lab/direct.js';
import { INCIDENT, type Lab, until } from '../fixtures/lab/lab.js';
import { answer, approve, openTask, untilProven } from '../fixtures/lab/people.js';

export const QUARANTINE_ARN = 'arn:aws:iam::111122223333:policy/ir/IRQuarantine';
/** Where the leaked user is used from every day in the scenario. */
export const USUAL_ADDRESS = '198.51.100.24';

/** Waits until the incident has opened and closed. */
export async function closedIncident({ session }: Lab): Promise<void> {
  const handle = session.client.workflow.getHandle(INCIDENT);
  await until('the incident is closed', async () => ((await handle.describe()).status.name === 'COMPLETED' ? true : undefined));
}

/** Waits until an intake has told what became of its alert. */
export async function endedIntake({ session }: Lab): Promise<void> {
  const query = `WorkflowType = 'alertIntake' AND ExecutionStatus = 'Completed'`;
  await until('an intake has ended', async () => ((await session.client.workflow.count(query)).count > 0 ? true : undefined));
}

/** Acknowledges, notes, pauses and resumes a clock, and answers every open task until only the hold is left. */
export async function pressOn(lab: Lab): Promise<void> {
  const { incidentId } = await lab.incident();
  await lab.person('alex', 'ack', incidentId);
  await lab.person('alex', 'note', incidentId, 'the team is on it');
  await lab.person('alex', 'pause', incidentId, 'timeline', '--for', '1h', '--reason', 'waiting for AWS Support');
  await lab.person('alex', 'resume', incidentId, 'timeline');
  await answer(lab, await openTask(lab, 'manual', /timeline/i), 'done');
  await answer(lab, await openTask(lab, 'manual', /Recover/), 'done');
  await lab.untilIncident('holding', ({ phase }) => phase === 'holding');
}

/** Two people close an incident that still holds; what is in force stays in AWS. */
export async function closeByTwo(lab: Lab): Promise<void> {
  const { incidentId } = await lab.incident();
  await lab.person('alex', 'request', incidentId, 'close', '--reason', 'handed to the platform team');
  await approve(lab, await openTask(lab, 'consent', /^Close/));
  await closedIncident(lab);
}

/** Makes the calls of the plan as the account's admin would by hand. */
export async function actByHand(lab: Lab): Promise<void> {
  const { plan } = await lab.containment();
  const { admin } = lab;
  for (const { measure, target, calls } of plan?.measures ?? []) {
    const params = { UserName: 'ci-deploy', ...calls[0]?.params };
    if (measure === 'attachQuarantinePolicy') await admin.send(new AttachUserPolicyCommand({ ...params, PolicyArn: target }));
    if (measure === 'putBoundary') await admin.send(new PutUserPermissionsBoundaryCommand({ ...params, PermissionsBoundary: target }));
    if (measure === 'deactivateAccessKey')
      await admin.send(new UpdateAccessKeyCommand({ ...params, AccessKeyId: target, Status: 'Inactive' }));
    if (measure === 'denyUser')
      await admin.send(new PutUserPolicyCommand({ ...params, PolicyName: target, PolicyDocument: documentOf(calls[0]?.params) }));
  }
}

function documentOf(params: Readonly<Record<string, unknown>> | undefined): string {
  const text = params?.['PolicyDocument'];
  return typeof text === 'string' ? text : JSON.stringify(text);
}

/** Somebody deletes our inline deny, or writes another document over it. */
export async function stripInlineDeny(
  lab: Lab,
  { leaving, incidentId }: { leaving: 'nothing' | 'another document'; incidentId?: string },
): Promise<void> {
  const PolicyName = `IRQuarantine-${incidentId ?? (await lab.incident()).incidentId}`;
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] });
  await (leaving === 'nothing'
    ? lab.admin.send(new DeleteUserPolicyCommand({ UserName: 'ci-deploy', PolicyName }))
    : lab.admin.send(new PutUserPolicyCommand({ UserName: 'ci-deploy', PolicyName, PolicyDocument })));
}

/** An incident that opened on another lock meets the one that holds the principal, hands over its alert and closes. */
export async function joinFromAnotherLock(lab: Lab): Promise<void> {
  const delivery = await deliveryOf(lab, exposedKey(lab.range), 'INC-20261122-J01NED00');
  const handle = await startIncident(lab, delivery, { lockId: 'incident/111122223333/key/AKIAEXAMPLEKEY000009' });
  await handle.result();
  await lab.untilIncident('the forwarded alert', ({ alerts }) => alerts.total === 3);
}

/** Forces both workflows into new runs: the containment while it holds, the incident while a task is open. */
export async function rollOver(lab: Lab, after: { incidentAfter: number; containmentAfter: number }): Promise<void> {
  const delivery = await deliveryOf(lab, exposedKey(lab.range), 'INC-20261122-R0110VER');
  await startContainment(lab, delivery, after.containmentAfter);
  await startIncident(lab, delivery, { after: after.incidentAfter });
  await untilProven(lab);
  await lab.untilContainment('a third run', ({ runs }) => runs >= 3);
  await lab.receive(finding(lab.range));
  await answer(lab, await openTask(lab, 'manual', /timeline/i), 'done');
  await lab.untilIncident('a second run of the incident', ({ runs }) => runs >= 2);
}
