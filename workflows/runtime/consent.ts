import { condition } from '@temporalio/workflow';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { Task } from '../../src/contracts/task.js';
import { askConsent, type ConsentRequest } from '../../src/domain/engine/consents.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import { approvals } from '../../src/domain/engine/tasks.js';
import { announceTask } from './announce.js';
import type { Incident } from './incident.js';

export type Consented =
  | { readonly how: 'approved'; readonly consents: string[]; readonly who: string }
  | { readonly how: 'rejected'; readonly who: string; readonly reason: string }
  /** The step ended meanwhile. */
  | { readonly how: 'ended' };

/** Asks for signatures and waits for the last of them, or for a rejection. The same question that is open already is waited for. */
export async function waitForConsent(
  incident: Incident,
  step: PlaybookStep,
  request: Omit<ConsentRequest, 'stepId' | 'team'>,
): Promise<Consented> {
  const { state } = incident;
  const known = new Set(state.tasks);
  const task = askConsent(state, { ...request, stepId: step.id, team: step.owner }, Date.now());
  if (!known.has(task)) announceTask(incident, task);
  await condition(() => task.closedAt !== undefined || hasEnded(state.steps[step.id]));
  if (hasEnded(state.steps[step.id])) return { how: 'ended' };
  const who = [...new Set(task.answers.map(({ subject }) => subject))].join(' and ');
  if (task.outcome !== 'approved') return { how: 'rejected', who, reason: task.answers.at(-1)?.reason ?? task.outcome ?? '' };
  return { how: 'approved', consents: signaturesOf(task), who };
}

/** The signed records of a consent that was given. */
export function signaturesOf(task: Task): string[] {
  return approvals(task).flatMap(({ record }) => (record === undefined ? [] : [record]));
}
