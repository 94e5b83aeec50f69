import { condition } from '@temporalio/workflow';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import { containedText, type StepEnd } from '../../src/domain/engine/outcomes.js';
import { allContained } from '../../src/domain/engine/views.js';
import type { Incident } from '../runtime/incident.js';
import { askPeople, stepTask } from '../runtime/people.js';

/**
 * Waits until every containment in scope is proven, or done by hand and the watch agrees. Claims, orders and the
 * tasks for what a containment needs follow from the state (`claim.ts`, `orders.ts`, engine `needs.ts`).
 */
export async function containPrincipals(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const { state } = incident;
  // Validated by hand is as good as confirmed; the tier still decides who must consent.
  if (state.mayProceed !== 'alert') state.mayProceed = 'alert';
  incident.changed();
  if (state.principals.length === 0) {
    const byHand = await containUnresolved(incident, step);
    if (byHand !== 'resolved') return byHand;
  }
  await condition(() => allContained(state) || hasEnded(state.steps[step.id]));
  if (hasEnded(state.steps[step.id])) return undefined;
  const byHand = Object.values(state.scope).some((view) => view.byHand);
  return { status: byHand ? 'doneByHand' : 'done', outcome: containedText(state), who: 'Tourniquet' };
}

/** No principal in AWS to contain: people do it, and say so. A principal that is resolved meanwhile takes over. */
async function containUnresolved(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined | 'resolved'> {
  const { state } = incident;
  const { resolution } = state;
  const why = resolution === undefined || resolution.found ? 'no principal is known' : `${resolution.why}: ${resolution.detail}`;
  const title = `${step.title} by hand: the principal could not be resolved`;
  const answered = askPeople(incident, step, {
    ...stepTask(step),
    kind: 'manual',
    title,
    lookAt: [why, ...step.guide, `tourniquet request ${state.incidentId} addPrincipal <access key id or user ARN> --reason "…"`],
    choices: ['done', 'skip'],
  });
  const answer = await Promise.race([answered, condition(() => state.principals.length > 0).then(() => 'resolved' as const)]);
  if (answer === 'resolved' || answer === undefined) return answer;
  return { status: 'doneByHand', outcome: `${answer.choice} by ${answer.subject}, not proven: ${answer.reason}`, who: answer.subject };
}
