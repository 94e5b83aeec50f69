import { condition } from '@temporalio/workflow';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { Task } from '../../src/contracts/task.js';
import { askConsent, asksFor, type ConsentRequest } from '../../src/domain/engine/consents.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import { approvals } from '../../src/domain/engine/tasks.js';
import { announceTask } from './announce.js';
import type { Incident } from './incident.js';

export type Consented =
  | { readonly how: 'approved'; readonly consents: string[]; readonly who: string }
  | { readonly how: 'rejected'; readonly who: string; readonly reason: string }
  /** The step ended meanwhile. */
  | { readonly how: 'ended' };

/** What a step asks consent for. */
export type StepConsent = Omit<ConsentRequest, 'stepId' | 'team'>;

/** Asks for signatures and waits for the last of them, or for a rejection. What the step has asked already is not asked again. */
export async function waitForConsent(incident: Incident, step: PlaybookStep, wanted: StepConsent): Promise<Consented> {
  const { state, run } = incident;
  const request = requestOf(step, wanted);
  const known = new Set(state.tasks);
  // An earlier run left it open, and it was answered before the step got back to it.
  const answered = state.tasks.find(
    (task) => run.inherited.has(task.taskId) && isClosed(task) && task.answers.length > 0 && asksFor(state, task, request),
  );
  const task = answered ?? askConsent(state, request, Date.now());
  if (!known.has(task)) announceTask(incident, task);
  await condition(() => isClosed(task) || hasEnded(state.steps[step.id]));
  run.inherited.delete(task.taskId);
  if (hasEnded(state.steps[step.id])) return { how: 'ended' };
  if (task.outcome !== 'approved') return rejectionOf(task);
  return { how: 'approved', consents: signaturesOf(task), who: peopleOf(task) };
}

/** Somebody said no to exactly this in this step: nobody is asked again when the step is entered again. */
export function rejectedBefore({ state }: Incident, step: PlaybookStep, wanted: StepConsent): Consented | undefined {
  const request = requestOf(step, wanted);
  const task = state.tasks.findLast((candidate) => candidate.stepId === step.id && asksFor(state, candidate, request));
  return task?.outcome === 'rejected' ? rejectionOf(task) : undefined;
}

function requestOf(step: PlaybookStep, wanted: StepConsent): ConsentRequest {
  return { ...wanted, stepId: step.id, team: step.owner };
}

function isClosed({ closedAt }: Task): boolean {
  return closedAt !== undefined;
}

function rejectionOf(task: Task): Consented {
  return { how: 'rejected', who: peopleOf(task), reason: task.answers.at(-1)?.reason ?? task.outcome ?? '' };
}

function peopleOf(task: Task): string {
  return [...new Set(task.answers.map(({ subject }) => subject))].join(' and ');
}

/** The signed records of a consent that was given. */
export function signaturesOf(task: Task): string[] {
  return approvals(task).flatMap(({ record }) => (record === undefined ? [] : [record]));
}
