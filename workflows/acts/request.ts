import { isCancellation } from '@temporalio/workflow';
import type { Alert } from '../../src/contracts/alert.js';
import type { ContainmentView } from '../../src/contracts/containment.js';
import { assertNever } from '../../src/contracts/failures.js';
import type { Act } from '../../src/contracts/task.js';
import { firstTeam } from '../../src/domain/engine/notices.js';
import { strongestAlert } from '../../src/domain/engine/alert-ledger.js';
import { askConsent } from '../../src/domain/engine/consents.js';
import { playbookSteps } from '../../src/domain/engine/dag.js';
import { closeTask, openTasksOf } from '../../src/domain/engine/tasks.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { containStep, isReleased } from '../../src/domain/engine/views.js';
import { failureText } from '../runtime/failure-text.js';
import { tellTask } from '../runtime/announce.js';
import type { Incident } from '../runtime/incident.js';
import { askToLetGo } from '../runtime/let-go.js';
import { requesterOf } from '../runtime/requester.js';
import { askAws, takeResolution } from '../runtime/resolve-scope.js';
import type { ActOutcome } from './index.js';

type Request = Extract<Act, { act: 'request' }>;

/** What people ask for on their own: undo, close, another principal, or their word that it was (not) them. */
export async function request(incident: Incident, act: Request): Promise<ActOutcome> {
  switch (act.what) {
    case 'restore':
      return requestRestore(incident, act);
    case 'close':
      return requestClose(incident, act);
    case 'addPrincipal':
      return addPrincipal(incident, act);
    case 'wasMe':
    case 'notMe':
      return takeStatement(incident, act, act.what);
    default:
      return assertNever(act.what);
  }
}

function requestRestore(incident: Incident, act: Request): ActOutcome {
  const view = targetOf(incident, act.target);
  if (view === undefined)
    return {
      accepted: false,
      message: `nothing held matches "${act.target}"; in scope: ${Object.keys(incident.state.scope).join(', ') || 'nothing'}`,
    };
  const task = askToLetGo(incident, view, { reason: act.reason, who: act.subject, stepId: containStep(incident.state)?.id ?? 'contain' });
  return { accepted: true, taskId: task.taskId, message: `${task.taskId} needs the consent of ${task.quorum} people` };
}

function requestClose(incident: Incident, act: Request): ActOutcome {
  const { state } = incident;
  const view = Object.values(state.scope).find((candidate) => !isReleased(candidate));
  const team = firstTeam(state);
  const title = 'Close this incident although it is not finished?';
  const held = Object.values(state.scope).map(
    ({ principal, state: where }) => `${principal.name} is ${where}; what is in force stays in AWS`,
  );
  const task = askConsent(
    state,
    {
      action: 'close',
      ...(view === undefined ? {} : { view }),
      stepId: containStep(state)?.id ?? 'contain',
      team,
      title,
      lookAt: [act.reason, `asked by ${act.subject}`, ...held],
      ...requesterOf(act.subject),
    },
    Date.now(),
  );
  incident.journal(`asks to close: ${act.reason}; ${task.taskId} needs ${task.quorum} people`, act.subject);
  tellTask(incident, task);
  return { accepted: true, taskId: task.taskId, message: `${task.taskId} needs the consent of ${task.quorum} people` };
}

/** Their word enters the weighing with a bounded weight; it never closes or releases anything. */
function takeStatement(incident: Incident, act: Request, says: 'wasMe' | 'notMe'): ActOutcome {
  incident.state.ownerStatements.push({ subject: act.subject, says, at: toInstant(Date.now()) });
  incident.journal(`${says === 'wasMe' ? '"it was me"' : '"it was not me"'}: ${act.reason}`, act.subject);
  return {
    accepted: true,
    message: incident.state.mayProceed === 'alert' ? 'recorded; the verdict already stands' : 'recorded; the signals are weighed again',
  };
}

/** Resolves a key or user in AWS and takes it into scope, where it is claimed at once. */
async function addPrincipal(incident: Incident, act: Request): Promise<ActOutcome> {
  const { state } = incident;
  const kept = strongestAlert(state.alerts.kept);
  const hints = hintsOf(act.target);
  if (kept === undefined || hints === undefined)
    return { accepted: false, message: 'target: expected an access key id or an IAM user ARN' };
  try {
    const resolution = await incident.busy(() => askAws({ ...kept, hints, principalKind: 'user' }));
    if (!resolution.found) return { accepted: false, message: `${resolution.why}: ${resolution.detail}` };
    const added = takeResolution(incident, resolution);
    if (added) closeUnresolved(incident);
    incident.journal(`asked to add ${act.target}: ${act.reason}`, act.subject);
    return {
      accepted: true,
      message: added ? `${resolution.principal.name} is in scope now` : `${resolution.principal.name} was already in scope`,
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { accepted: false, message: `could not be resolved: ${failureText(error)}` };
  }
}

/** The question "which principal?" has its answer. */
export function closeUnresolved({ state }: Incident): void {
  const validate = playbookSteps(state).find(({ run }) => run === 'validateFinding');
  if (validate === undefined) return;
  for (const task of openTasksOf(state, validate.id))
    if (task.kind === 'blocked' && task.needKey === undefined) closeTask(task, 'resolved', Date.now());
}

function hintsOf(target: string): Alert['hints'] | undefined {
  if (/^A[KS]IA[A-Z0-9]{12,28}$/.test(target)) return { accessKeyId: target };
  const arn = /^arn:aws[a-z-]*:iam::\d{12}:user\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(target);
  return arn?.[1] === undefined ? undefined : { arn: target, userName: arn[1] };
}

function targetOf({ state }: Incident, target: string): ContainmentView | undefined {
  const held = Object.values(state.scope).filter((view) => !isReleased(view));
  if (target === '') return held.length === 1 ? held[0] : undefined;
  return held.find(
    (view) =>
      view.containmentId === target ||
      view.principal.arn === target ||
      view.plan?.measures.some((measure) => measure.target === target) === true,
  );
}
