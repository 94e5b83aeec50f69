import { askConsent } from '../../src/domain/engine/consents.js';
import { containStep, isReleased } from '../../src/domain/engine/views.js';
import { tellTask } from '../runtime/announce.js';
import type { Incident } from '../runtime/incident.js';
import { requesterOf } from '../runtime/requester.js';
import type { Decide } from './decide.js';
import type { ActOutcome } from './index.js';

/** Skipping *contain* takes two people (design 9): the answer opens that consent, the task asked about stays open. */
export function askToSkipContainment(incident: Incident, act: Decide): ActOutcome {
  const { state } = incident;
  const step = containStep(state);
  if (step === undefined) return { accepted: false, message: 'this playbook has no step that contains' };
  const view = Object.values(state.scope).find((candidate) => !isReleased(candidate));
  const title = `Skip "${step.title}": leave the principal uncontained?`;
  const task = askConsent(
    state,
    {
      action: 'skip',
      ...(view === undefined ? {} : { view }),
      stepId: step.id,
      team: step.owner,
      title,
      lookAt: [
        act.reason,
        `asked by ${act.subject}`,
        ...Object.values(state.scope).map(({ principal, headline }) => `${principal.name}: ${headline}`),
      ],
      ...requesterOf(act.subject),
    },
    Date.now(),
  );
  incident.journal(`asks to skip ${step.id}: ${act.reason}; ${task.taskId} needs ${task.quorum} people`, act.subject);
  tellTask(incident, task);
  return { accepted: true, taskId: task.taskId, message: `${task.taskId} needs the consent of ${task.quorum} people` };
}
