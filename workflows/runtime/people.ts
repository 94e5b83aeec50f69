import { condition, isCancellation } from '@temporalio/workflow';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { Task, TaskAnswer } from '../../src/contracts/task.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import type { StepEnd } from '../../src/domain/engine/outcomes.js';
import { lastAnswer, type NewTask, openTask } from '../../src/domain/engine/tasks.js';
import { failureText } from './failure-text.js';
import { announceTask } from './announce.js';
import type { Incident } from './incident.js';

/** The parts of a task that follow from its step. */
export function stepTask(step: PlaybookStep): Pick<NewTask, 'stepId' | 'team' | 'needsSignature' | 'quorum'> {
  return { stepId: step.id, team: step.owner, needsSignature: false, quorum: 1 };
}

/**
 * Opens the task, tells its team, and waits for the answer. What the step has asked already is waited for, not asked again.
 *
 * @returns undefined when the step ended without it.
 */
export async function askPeople(incident: Incident, step: PlaybookStep, wanted: NewTask): Promise<TaskAnswer | undefined> {
  const { state } = incident;
  const asked = askedBefore(incident, step, wanted.kind);
  const task = asked ?? openTask(state, wanted, Date.now());
  if (asked === undefined) announceTask(incident, task);
  await condition(() => task.closedAt !== undefined || hasEnded(state.steps[step.id]));
  incident.run.inherited.delete(task.taskId);
  return hasEnded(state.steps[step.id]) ? undefined : lastAnswer(task);
}

/** A task of the step that is open, or that an earlier run left open and that was answered before the step got back to it. */
function askedBefore({ state, run }: Incident, step: PlaybookStep, kind: Task['kind']): Task | undefined {
  const answered = (task: Task): boolean => run.inherited.has(task.taskId) && lastAnswer(task) !== undefined;
  return state.tasks.find(
    (task) =>
      task.stepId === step.id && task.kind === kind && task.needKey === undefined && (task.closedAt === undefined || answered(task)),
  );
}

export type Helped<T> = { readonly how: 'ok'; readonly value: T } | { readonly how: 'ended'; readonly end: StepEnd | undefined };

export interface HelpOptions<T> {
  /** What could not be done: `weigh the signals`. */
  readonly what: string;
  readonly work: () => Promise<T>;
}

const HELP_CHOICES = ['retry', 'done', 'skip'] as const;

/**
 * Does automated work, and turns a failure into a task that names exactly what is missing: `retry` does it again,
 * `done` and `skip` end the step. Re-entered with such a task open, it waits for the answer first.
 */
export async function withHelp<T>(incident: Incident, step: PlaybookStep, { what, work }: HelpOptions<T>): Promise<Helped<T>> {
  let missing = waitingHelp(incident, step);
  for (;;) {
    if (missing === undefined) {
      const tried = await attempt(incident, work);
      if ('value' in tried) return { how: 'ok', value: tried.value };
      missing = tried.missing;
    }
    const answer = await askForHelp(incident, step, { what, missing, choices: HELP_CHOICES });
    if (answer?.choice !== 'retry') return { how: 'ended', end: endBy(answer) };
    missing = undefined;
  }
}

async function attempt<T>(incident: Incident, work: () => Promise<T>): Promise<{ value: T } | { missing: string }> {
  try {
    return { value: await incident.busy(work) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { missing: failureText(error) };
  }
}

/** Opens the blocked task and waits; the step counts as blocked until it is answered. */
export async function askForHelp(
  incident: Incident,
  step: PlaybookStep,
  ask: { what: string; missing: string; choices: readonly string[] },
): Promise<TaskAnswer | undefined> {
  const current = incident.state.steps[step.id];
  if (current !== undefined) Object.assign(current, { status: 'blocked', outcome: `could not ${ask.what}: ${ask.missing}` });
  incident.changed();
  const answer = await askPeople(incident, step, {
    ...stepTask(step),
    kind: 'blocked',
    title: `${step.title}: could not ${ask.what}`,
    lookAt: [ask.missing],
    choices: [...ask.choices],
  });
  if (current !== undefined && !hasEnded(current)) {
    current.status = 'running';
    delete current.outcome;
  }
  incident.changed();
  return answer;
}

function waitingHelp(incident: Incident, step: PlaybookStep): string | undefined {
  return askedBefore(incident, step, 'blocked')?.lookAt[0];
}

/** How a step ends that a person ended. */
export function endBy(answer: TaskAnswer | undefined): StepEnd | undefined {
  if (answer === undefined) return undefined;
  return {
    status: answer.choice === 'skip' ? 'skipped' : 'doneByHand',
    outcome: `${answer.choice} by ${answer.subject}: ${answer.reason}`,
    who: answer.subject,
  };
}
