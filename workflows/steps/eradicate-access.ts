import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import { removeWhatTheIntruderMade } from '../runtime/eradication.js';
import type { Incident } from '../runtime/incident.js';
import { askPeople, stepTask } from '../runtime/people.js';
import { manualStep } from './manual-step.js';

/** Removes what the intruder made, and the compromised keys, after consent; what has no safe automation becomes a task with exact commands. */
export async function eradicateAccess(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const { state } = incident;
  if (state.timeline === undefined || state.principals.length === 0) return manualStep(incident, step);
  const removed = await removeWhatTheIntruderMade(incident, step);
  if (removed.how === 'ended') return removed.end;
  const guided = state.eradication?.plan?.guided ?? [];
  if (guided.length > 0) {
    const answer = await askPeople(incident, step, {
      ...stepTask(step),
      kind: 'manual',
      title: `Decide about ${guided.length} thing(s) that nothing removes by itself`,
      lookAt: guided.flatMap(({ title, why, commands }) => [`${title}: ${why}`, ...commands]),
      choices: ['done', 'skip'],
    });
    if (answer === undefined) return undefined;
    incident.journal(`${answer.choice}: what needed a person's decision: ${answer.reason}`, answer.subject);
  }
  const outcome =
    removed.value.length === 0 ? 'nothing of the intruder was left' : `removed ${removed.value.map(({ target }) => target).join(', ')}`;
  return { status: 'done', outcome: outcome.slice(0, 900), who: 'Tourniquet' };
}
