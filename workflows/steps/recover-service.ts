import { condition } from '@temporalio/workflow';
import type { ContainmentView } from '../../src/contracts/containment.js';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { IssuedCredential, RecoveryPlan } from '../../src/contracts/recovery.js';
import { MADE_BY_INTRUDER } from '../../src/contracts/timeline.js';
import { cliCommand } from '../../src/domain/engine/containment-view.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import { isReleased } from '../../src/domain/engine/views.js';
import { propose, read, restore } from '../runtime/activities.js';
import { waitForConsent } from '../runtime/consent.js';
import { removeWhatTheIntruderMade } from '../runtime/eradication.js';
import { failureText } from '../runtime/failure-text.js';
import type { Incident } from '../runtime/incident.js';
import { sendOrder } from '../runtime/orders.js';
import { askForHelp, askPeople, endBy, type Helped, stepTask, withHelp } from '../runtime/people.js';
import { manualStep } from './manual-step.js';

/**
 * Gives every principal that goes on working new credentials and lifts its denies; older sessions stay revoked for the
 * session hold, and the old keys are never re-armed (design 9.4). The owner confirms that the service works.
 */
export async function recoverService(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const { state } = incident;
  const views = Object.values(state.scope).filter((view) => !isReleased(view) && state.origins?.[view.principal.arn] !== MADE_BY_INTRUDER);
  if (views.length === 0) return manualStep(incident, step);
  state.recovery ??= { plans: [], issued: [], controls: [] };
  for (const { containmentId } of views) {
    const done = await recoverOne(incident, step, containmentId);
    if (done.how === 'ended') return done.end;
  }
  await checkControls(incident);
  const answer = await askPeople(incident, step, {
    ...stepTask(step),
    kind: 'manual',
    title: 'Confirm that the service works on the new credentials',
    lookAt: [...issuedLines(state.recovery.issued), ...step.guide],
    choices: ['done', 'skip'],
  });
  if (answer === undefined) return undefined;
  return {
    status: answer.choice === 'skip' ? 'skipped' : 'done',
    outcome: `${answer.choice} by ${answer.subject}: ${answer.reason}; ${issuedLines(state.recovery.issued).join('; ')}`.slice(0, 900),
    who: answer.subject,
  };
}

function issuedLines(issued: readonly IssuedCredential[]): string[] {
  return issued.map(({ accessKeyId, secretArn }) => `new key ${accessKeyId}, its secret is in ${secretArn}`);
}

async function recoverOne(incident: Incident, step: PlaybookStep, containmentId: string): Promise<Helped<true>> {
  const { state } = incident;
  const view = state.scope[containmentId];
  if (view === undefined || view.state === 'sessionHold' || isReleased(view)) return { how: 'ok', value: true };
  // People have consented, and the order was taken: an earlier run got this far.
  if (view.state === 'recovering') return untilLifted(incident, step, containmentId);
  const planned = await planWithRoom(incident, step, view);
  if (planned.how === 'ended') return planned;
  const plan = planned.value;
  const consent = await waitForConsent(incident, step, {
    action: 'recover',
    view,
    title: `Give ${view.principal.name} new credentials and lift its denies?`,
    lookAt: [
      plan === undefined ? 'it has no access key: only the denies are lifted' : `the new key's secret goes to ${plan.secretName}`,
      ...(plan?.keysBefore ?? []).map(({ accessKeyId, status }) => `${accessKeyId} is ${status} and is never re-armed`),
    ],
    quorum: 1,
  });
  if (consent.how === 'ended') return { how: 'ended', end: undefined };
  if (consent.how === 'rejected')
    return { how: 'ended', end: { status: 'skipped', outcome: `rejected by ${consent.who}: ${consent.reason}`, who: consent.who } };
  const issued = plan === undefined ? undefined : await issueOnce(incident, step, { plan, view, consents: consent.consents });
  if (issued?.how === 'ended') return issued;
  const issuedKeyIds =
    state.recovery?.issued.filter(({ principalArn }) => principalArn === view.principal.arn).map(({ accessKeyId }) => accessKeyId) ?? [];
  await sendOrder(incident, containmentId, { order: 'recover', consents: consent.consents, issuedKeyIds });
  return untilLifted(incident, step, containmentId);
}

async function untilLifted({ state }: Incident, step: PlaybookStep, containmentId: string): Promise<Helped<true>> {
  const lifted = (): boolean => ['sessionHold', 'released'].includes(state.scope[containmentId]?.state ?? '');
  await condition(() => lifted() || hasEnded(state.steps[step.id]));
  return hasEnded(state.steps[step.id]) ? { how: 'ended', end: undefined } : { how: 'ok', value: true };
}

/** AWS takes two keys per user: at the limit the compromised one is proposed for removal first, and people decide. */
async function planWithRoom(incident: Incident, step: PlaybookStep, view: ContainmentView): Promise<Helped<RecoveryPlan | undefined>> {
  const { state } = incident;
  if (view.principal.kind !== 'user') return { how: 'ok', value: undefined };
  for (;;) {
    const planned = await withHelp(incident, step, {
      what: `plan new credentials for ${view.principal.name}`,
      work: () => plan(incident, view),
    });
    if (planned.how === 'ended') return planned;
    if (planned.value.keysBefore.length === 0) return { how: 'ok', value: undefined };
    if (!planned.value.atKeyLimit || hasIssued(incident, view)) return planned;
    incident.journal(`${view.principal.name} has two access keys: the compromised one must go before a new one can be made`);
    const before = state.eradication?.results.length ?? 0;
    const removed = state.timeline === undefined ? undefined : await removeWhatTheIntruderMade(incident, step);
    if (removed?.how === 'ended') return removed;
    if ((state.eradication?.results.length ?? 0) > before) continue;
    const byHand = await makeRoomByHand(incident, step, planned.value);
    if (byHand.how === 'ended') return byHand;
  }
}

/** Which key may go is not known to us: a person decides, and says when it is done. */
async function makeRoomByHand(incident: Incident, step: PlaybookStep, { principal, keysBefore }: RecoveryPlan): Promise<Helped<true>> {
  const commands = keysBefore
    .filter(({ status }) => status === 'Inactive')
    .map(({ accessKeyId }) => cliCommand({ api: 'iam:DeleteAccessKey', params: { UserName: principal.name, AccessKeyId: accessKeyId } }));
  const missing = `${principal.name} has two access keys, AWS takes no third: delete one that is not needed. ${commands.join(' or ')}`;
  const answer = await askForHelp(incident, step, {
    what: `make room for a new key of ${principal.name}`,
    missing,
    choices: ['retry', 'done', 'skip'],
  });
  return answer?.choice === 'retry' ? { how: 'ok', value: true } : { how: 'ended', end: endBy(answer) };
}

function plan({ state }: Incident, { principal }: ContainmentView): Promise<RecoveryPlan> {
  return propose.planRecovery.executeWithOptions({ summary: `plan new credentials for ${principal.name}` }, [
    { incidentId: state.incidentId, principal },
  ]);
}

function hasIssued({ state }: Incident, { principal }: ContainmentView): boolean {
  return state.recovery?.issued.some(({ principalArn }) => principalArn === principal.arn) === true;
}

interface Issue {
  readonly plan: RecoveryPlan;
  readonly view: ContainmentView;
  readonly consents: string[];
}

async function issueOnce(incident: Incident, step: PlaybookStep, { plan: given, view, consents }: Issue): Promise<Helped<true>> {
  const { state } = incident;
  if (hasIssued(incident, view)) return { how: 'ok', value: true };
  const known = state.recovery?.plans.find(({ principal }) => principal.arn === view.principal.arn);
  // The first plan counts: keys made after it are ours or somebody's, never what was there before.
  const recoveryPlan = known ?? given;
  if (known === undefined) state.recovery?.plans.push(recoveryPlan);
  const done = await withHelp(incident, step, {
    what: `issue a credential for ${view.principal.name}`,
    work: () =>
      restore.issueCredential.executeWithOptions({ summary: `issue a new key for ${view.principal.name}, secret to Secrets Manager` }, [
        { incidentId: state.incidentId, plan: recoveryPlan, planSha256: view.plan?.planSha256 ?? '', consents },
      ]),
  });
  if (done.how === 'ended') return done;
  state.recovery?.issued.push(done.value);
  incident.journal(`new key ${done.value.accessKeyId} of ${view.principal.name} works; its secret is in ${done.value.secretArn}`);
  return { how: 'ok', value: true };
}

/** What the account lacks of S003's added controls goes to the follow-up; not knowing does not hold the recovery up. */
async function checkControls(incident: Incident): Promise<void> {
  const { state } = incident;
  const [principal] = state.principals;
  if (principal === undefined || state.recovery === undefined || state.recovery.controls.length > 0) return;
  try {
    state.recovery.controls = await incident.busy(() =>
      read.checkControls.executeWithOptions({ summary: 'check MFA, boundary and GuardDuty' }, [
        { incidentId: state.incidentId, principal },
      ]),
    );
    for (const { control, detail } of state.recovery.controls.filter(({ present }) => !present))
      incident.journal(`control missing: ${control}, ${detail}`);
  } catch (error) {
    incident.journal(`added controls could not be checked: ${failureText(error)}`);
  }
}
