import type { PlaybookStep } from '../../src/contracts/playbook.js';
import { assistLines } from '../../src/domain/engine/assist.js';
import { type StepEnd } from '../../src/domain/engine/outcomes.js';
import { type Incident } from '../runtime/incident.js';
import { askPeople, stepTask } from '../runtime/people.js';

/** A step people do: a task with the playbook's guide, `done`, or `skip` with a reason. */
export async function manualStep(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const answer = await askPeople(incident, step, {
    ...stepTask(step),
    kind: 'manual',
    title: step.title,
    lookAt: [...step.guide, ...assistLines(incident.state, step)],
    choices: ['done', 'skip'],
  });
  if (answer === undefined) return undefined;
  const outcome =
    answer.reason === '' ? `${answer.choice} by ${answer.subject}` : `${answer.choice} by ${answer.subject}: ${answer.reason}`;
  return { status: answer.choice === 'skip' ? 'skipped' : 'done', outcome, who: answer.subject };
}
