import { assertNever } from '../../src/contracts/failures.js';
import type { Task } from '../../src/contracts/task.js';
import { containmentOf } from '../../src/domain/engine/consents.js';
import { endStep } from '../../src/domain/engine/outcomes.js';
import { approvals } from '../../src/domain/engine/tasks.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { containStep, isReleased } from '../../src/domain/engine/views.js';
import { signaturesOf } from '../runtime/consent.js';
import type { Incident } from '../runtime/incident.js';
import { sendOrder } from '../runtime/orders.js';
import { reportRejected } from './rejected.js';

/** Once enough people signed, does what they agreed to; the signatures travel with the order. */
export async function afterConsent(incident: Incident, task: Task): Promise<void> {
  if (task.outcome === 'rejected') return task.needKey?.includes('#') === true ? reportRejected(incident, task) : undefined;
  if (task.outcome !== 'approved' || task.consent === undefined) return;
  const { action } = task.consent;
  switch (action) {
    case 'contain':
      return contain(incident, task);
    case 'restore':
      return restore(incident, task);
    case 'skip':
      return skip(incident, task);
    case 'closeBenign':
      return close(incident, task, 'benign');
    case 'close':
      return close(incident, task, 'closed');
    case 'eradicate': // the steps that asked wait for the answer
    case 'recover':
      return undefined;
    default:
      return assertNever(action);
  }
}

async function contain(incident: Incident, task: Task): Promise<void> {
  const view = containmentOf(incident.state, task);
  if (view === undefined) return;
  const { state } = incident;
  // People's signatures must not be replaced by the weaker authority of a verdict that comes later.
  state.proceeded = [...new Set([...(state.proceeded ?? []), `${view.containmentId}|alert`, `${view.containmentId}|rule`])];
  await sendOrder(incident, view.containmentId, {
    order: 'proceed',
    authority: { by: 'people', consents: signaturesOf(task), alerts: incident.state.alerts.kept },
  });
}

async function restore(incident: Incident, task: Task): Promise<void> {
  const view = containmentOf(incident.state, task);
  if (view === undefined) return;
  incident.state.closeWhenReleased = { outcome: 'benign', reason: `false positive: ${reasonsOf(task)}` };
  await sendOrder(incident, view.containmentId, { order: 'restore', consents: signaturesOf(task) });
}

async function skip(incident: Incident, task: Task): Promise<void> {
  const { state } = incident;
  const step = containStep(state);
  if (step === undefined) return;
  endStep(state, step, {
    status: 'skipped',
    outcome: `skipped by ${peopleOf(task)}: ${reasonsOf(task)}`,
    who: peopleOf(task),
    nowMs: Date.now(),
  });
  incident.journal('contain was skipped: what is in scope is NOT proven contained', peopleOf(task));
  const untouched = Object.values(state.scope).filter((view) => view.inForce.length === 0 && !isReleased(view));
  for (const { containmentId } of untouched)
    await sendOrder(incident, containmentId, { order: 'release', reason: `contain was skipped by ${peopleOf(task)}` });
}

async function close(incident: Incident, task: Task, outcome: 'benign' | 'closed'): Promise<void> {
  const { state } = incident;
  const reason = `${outcome} by ${peopleOf(task)}: ${reasonsOf(task)}`;
  // First the decision: what the containments answer to the release must not reopen a step.
  state.closing = { outcome, reason, at: toInstant(Date.now()) };
  incident.journal(`closes: ${reason}`, peopleOf(task));
  for (const view of Object.values(state.scope))
    if (!isReleased(view)) await sendOrder(incident, view.containmentId, { order: 'release', reason });
}

function peopleOf(task: Task): string {
  return approvals(task)
    .map(({ subject }) => subject)
    .join(' and ');
}

function reasonsOf(task: Task): string {
  return [task.lookAt[0] ?? '', ...approvals(task).map(({ reason }) => reason)].filter((reason) => reason !== '').join('; ');
}
