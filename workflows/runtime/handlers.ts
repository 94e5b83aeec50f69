import { CancellationScope, setHandler } from '@temporalio/workflow';
import { Alert } from '../../src/contracts/alert.js';
import { ContainmentView } from '../../src/contracts/containment.js';
import { describeIssues } from '../../src/contracts/failures.js';
import { actUpdate, alertReceivedSignal, containmentChangedSignal, incidentQuery, mergeSignal } from '../../src/contracts/messages.js';
import { Resolution } from '../../src/contracts/principal.js';
import type { Task } from '../../src/contracts/task.js';
import { takeAlert } from '../../src/domain/engine/alert-ledger.js';
import { openTasks } from '../../src/domain/engine/tasks.js';
import { takeView } from '../../src/domain/engine/views.js';
import { checkShape, createActHandler } from '../acts/index.js';
import { closeUnresolved } from '../acts/request.js';
import { tellTask } from './announce.js';
import type { Incident } from './incident.js';
import { hearMerge } from './merge.js';
import { takeResolution } from './resolve-scope.js';

/** Registers everything the incident hears, before its first wait: signals of the first task run at once. */
export function installHandlers(incident: Incident): void {
  setHandler(alertReceivedSignal, (alert, resolution) => hearAlert(incident, alert, resolution), {
    description: 'An alert about this principal; a repeat changes nothing',
  });
  setHandler(containmentChangedSignal, (view) => hearView(incident, view), {
    description: 'Where a containment stands; older revisions are ignored',
  });
  setHandler(mergeSignal, (message) => hearMerge(incident, message), {
    description: 'Another incident proves to be the same one; a repeat changes nothing',
  });
  setHandler(actUpdate, createActHandler(incident), {
    validator: checkShape,
    description: 'What a person does: decide, acknowledge, pause, resume, note, request',
  });
  setHandler(incidentQuery, () => incident.state, { description: 'The whole state' });
}

function hearAlert(incident: Incident, rawAlert: unknown, rawResolution: unknown): void {
  const alert = Alert.safeParse(rawAlert);
  const resolution = Resolution.safeParse(rawResolution);
  if (!alert.success || !resolution.success) {
    // Thrown from here it would end the incident: a signal has no caller who could hear it.
    const why = [alert, resolution].flatMap((parsed) => (parsed.success ? [] : [describeIssues(parsed.error)]));
    return incident.journal(`an alert of a wrong shape was dropped: ${why.join('; ')}`);
  }
  if (!takeAlert(incident.state, alert.data)) return;
  const { source, type, severity, deniedOnly } = alert.data;
  incident.journal(`alert ${source} ${type} (${severity})${deniedOnly ? ', only refused calls' : ''}`);
  if (takeResolution(incident, resolution.data)) closeUnresolved(incident);
}

function hearView(incident: Incident, raw: unknown): void {
  const view = ContainmentView.safeParse(raw);
  if (!view.success) return incident.journal(`a containment's view of a wrong shape was dropped: ${describeIssues(view.error)}`);
  const { state } = incident;
  const before = new Set(openTasks(state));
  const principal = state.principals.find(({ lockId }) => lockId === view.data.principal.lockId);
  if (principal === undefined) return incident.journal(`${view.data.containmentId} reports, but its principal is not in scope`);
  if (!takeView(state, view.data, Date.now())) return;
  for (const task of openTasks(state)) {
    if (before.has(task) || replacesAnother(before, task)) continue;
    tellTask(incident, task);
  }
  incident.changed();
}

/** A consent that is asked again for a fresh plan is the same question: its team was told. */
function replacesAnother(before: ReadonlySet<Task>, task: Task): boolean {
  const containmentOf = ({ needKey = '' }: Task): string => needKey.slice(0, needKey.indexOf('#'));
  return [...before].some(
    (old) =>
      old.closedAt !== undefined &&
      old.outcome === 'no longer needed' &&
      old.kind === task.kind &&
      containmentOf(old) === containmentOf(task),
  );
}

/**
 * Calls `onCancel` when somebody cancels the workflow in Temporal. Must be called in the workflow's own scope; everything else
 * runs where a cancel request does not reach.
 */
export function watchCancel(onCancel: () => void): void {
  void CancellationScope.current().cancelRequested.catch(onCancel);
}
