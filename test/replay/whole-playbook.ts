import {
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { incidentQuery } from '../../src/contracts/messages.js';
import { castPlays } from '../fixtures/lab/cast.js';
import { exposedKey, report } from '../fixtures/lab/alerts.js';
import { type Lab, until } from '../fixtures/lab/lab.js';
import { answer, approve, openTask, setMode, untilProven } from '../fixtures/lab/people.js';
import { closedIncident } from './moves.js';

/** Whom the moves are about. */
const UserName = 'ci-deploy';
const KINDS = ['GuardDuty Finding', 'AWS Health Event'];

/** The intruder makes himself ways back before the account's own alarm is heard; from there on the cast does all there is to do. */
export async function allTheWay(lab: Lab): Promise<void> {
  await setMode(lab, 'auto');
  lab.range.startActors();
  await until('the intruder has his ways back', async () => {
    const kinds = new Set(lab.range.attackerAccess().map(({ kind }) => kind));
    return kinds.has('instance') && kinds.has('outsideTrust') && firstAlerts(lab).length === KINDS.length ? true : undefined;
  });
  for (const message of firstAlerts(lab)) await lab.receive(message);
  await castPlays(lab, { what: 'it is closed', holds: ({ phase }) => phase === 'closed' });
  await closedIncident(lab);
}

/** Each source's first alert; it repeats itself. */
function firstAlerts({ range }: Lab): object[] {
  const sent = range.alertsSent().filter((message) => typeof message === 'object' && message !== null);
  return KINDS.flatMap((kind) => sent.find((message) => 'detail-type' in message && message['detail-type'] === kind) ?? []);
}

/** What to remove is proposed; one person says no, and it is done by hand. */
export async function eradicateByHand(lab: Lab): Promise<void> {
  await setMode(lab, 'auto');
  await lab.receive(exposedKey(lab.range));
  const { incidentId } = await castPlays(lab, {
    what: 'what to remove is proposed',
    holds: ({ tasks }) => tasks.some(({ consent, closedAt }) => consent?.action === 'eradicate' && closedAt === undefined),
    leaves: ({ consent }) => consent?.action === 'eradicate',
  });
  const { taskId } = await openTask(lab, 'consent', /^Remove/);
  await lab.person('lea', 'reject', incidentId, taskId, '--reason', 'legal keeps the key');
  await answer(lab, await openTask(lab, 'manual', /by hand/), 'done');
  await lab.untilIncident('eradicated by hand', ({ steps }) => steps['eradicate']?.status === 'doneByHand');
}

/** The user has two keys and no alert names one: a person makes room. Then AWS refuses the revocation, once. */
export async function makeRoomForAKey(lab: Lab): Promise<void> {
  const { admin, range } = lab;
  await setMode(lab, 'auto');
  await lab.receive(report(range));
  await answer(lab, await openTask(lab, 'decision', /Suspected/), 'confirm');
  const { incidentId } = await castPlays(lab, {
    what: 'there is no room for a key',
    holds: ({ tasks }) => tasks.some(({ title, closedAt }) => /make room/.test(title) && closedAt === undefined),
    leaves: ({ kind }) => kind === 'blocked',
  });
  const { AccessKeyMetadata: keys = [] } = await admin.send(new ListAccessKeysCommand({ UserName }));
  const retired = keys.find(({ AccessKeyId }) => AccessKeyId !== range.identities.leaked.accessKeyId);
  await admin.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: retired?.AccessKeyId }));
  const { accessKeyId } = range.identities.responder;
  const effect = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
  range.faults.add({ id: 'refused', match: { api: 'iam:PutUserPolicy', accessKeyId }, effect });
  await retry(lab, /make room/);
  await approve(lab, await openTask(lab, 'consent', /new credentials/));
  await openTask(lab, 'blocked', /could not be revoked/);
  range.faults.remove('refused');
  await retry(lab, /could not be revoked/);
  await castPlays(lab, { what: 'released', holds: ({ phase }) => phase === 'closed' });
  await until('the follow-up has begun', () => lab.session.client.workflow.getHandle(`follow-up/${incidentId}`).describe());
}

async function retry(lab: Lab, title: RegExp): Promise<void> {
  const { incidentId } = await lab.incident();
  const { taskId } = await openTask(lab, 'blocked', title);
  await lab.person('alex', 'retry', incidentId, taskId, '--reason', 'mended');
}

/** One item of evidence cannot be read: it is sealed as absent, with a person's reason. */
export async function sealWithoutAnItem(lab: Lab): Promise<void> {
  const effect = { kind: 'error', code: 'ValidationError', status: 400 } as const;
  lab.range.faults.add({ id: 'unreadable', match: { api: 'iam:GetAccountAuthorizationDetails' }, effect });
  await setMode(lab, 'auto');
  await lab.receive(exposedKey(lab.range));
  const { taskId } = await openTask(lab, 'blocked', /^Preserve evidence: could not collect/);
  const { incidentId } = await lab.incident();
  await lab.person('alex', 'skip', incidentId, taskId, '--reason', 'the account is too large to be read');
  await lab.untilIncident('the evidence is sealed', ({ steps }) => steps['preserveEvidence']?.status === 'done');
}

/** The ticket system refuses; once that is mended, a retry opens the ticket. */
export async function openTicketLater(lab: Lab): Promise<void> {
  await setMode(lab, 'auto');
  await lab.receive(exposedKey(lab.range));
  await openTask(lab, 'blocked', /could not create the ticket/);
  await retry(lab, /could not create the ticket/);
  await lab.untilIncident('the ticket is up to date', ({ ticket }) => ticket !== undefined && ticket.linesSent > 0);
}

/** Two people take a false positive back; somebody had acted on it, so there is something to learn. */
export async function learnFromAFalsePositive(lab: Lab): Promise<void> {
  await setMode(lab, 'auto');
  await lab.receive(exposedKey(lab.range));
  await untilProven(lab);
  const { incidentId } = await lab.incident();
  await lab.person('alex', 'undo', incidentId, '--reason', 'planned rotation');
  await approve(lab, await openTask(lab, 'consent', /^Undo/));
  await closedIncident(lab);
  const followUp = lab.session.client.workflow.getHandle(`follow-up/${incidentId}`);
  await until('the follow-up has its tasks', async () => ((await followUp.query(incidentQuery)).tasks.length > 0 ? true : undefined));
}

/** Somebody deletes the contained user with all it has. */
export async function deleteTheUser({ admin }: Lab): Promise<void> {
  const user = { UserName };
  const [groups, attached, inline, keys] = await Promise.all([
    admin.send(new ListGroupsForUserCommand(user)),
    admin.send(new ListAttachedUserPoliciesCommand(user)),
    admin.send(new ListUserPoliciesCommand(user)),
    admin.send(new ListAccessKeysCommand(user)),
  ]);
  for (const { GroupName } of groups.Groups ?? []) await admin.send(new RemoveUserFromGroupCommand({ ...user, GroupName }));
  for (const { PolicyArn } of attached.AttachedPolicies ?? []) await admin.send(new DetachUserPolicyCommand({ ...user, PolicyArn }));
  for (const PolicyName of inline.PolicyNames ?? []) await admin.send(new DeleteUserPolicyCommand({ ...user, PolicyName }));
  for (const { AccessKeyId } of keys.AccessKeyMetadata ?? []) await admin.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId }));
  await admin.send(new DeleteUserPermissionsBoundaryCommand(user));
  await admin.send(new DeleteUserCommand(user));
}
