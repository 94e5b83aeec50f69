import { firstTeam } from '../../src/domain/engine/notices.js';
import { openTask, openTasks } from '../../src/domain/engine/tasks.js';
import { announceTask } from './announce.js';
import type { Incident } from './incident.js';

/** Somebody cancelled the workflow in Temporal. That undoes nothing and ends nothing: a task asks why (design 7). */
export function reportCancel(incident: Incident): void {
  const { state } = incident;
  const needKey = 'cancel:incident';
  if (state.closing !== undefined || openTasks(state).some((task) => task.needKey === needKey)) return;
  const [step] = state.pin?.body.steps ?? [];
  const team = firstTeam(state);
  const lookAt = [
    'The incident goes on: cancelling never undoes a containment.',
    `To end it: tourniquet request ${state.incidentId} close --reason "…"`,
    `A false positive: tourniquet undo ${state.incidentId} --reason "…"`,
  ];
  const task = openTask(
    state,
    {
      kind: 'decision',
      stepId: step?.id ?? 'validate',
      team,
      title: 'Somebody cancelled this workflow in Temporal: why?',
      lookAt,
      needKey,
      choices: ['goOn'],
      needsSignature: false,
      quorum: 1,
    },
    Date.now(),
  );
  announceTask(incident, task);
}
