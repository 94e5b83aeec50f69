import type { IncidentState } from '../../contracts/incident.js';
import type { Task, TaskAnswer } from '../../contracts/task.js';
import { toInstant } from './time.js';

/** A task before the incident gives it its short id. */
export type NewTask = Omit<Task, 'taskId' | 'openedAt' | 'answers' | 'closedAt' | 'outcome'>;

/** Opens a task under the next short id. */
export function openTask(state: IncidentState, task: NewTask, nowMs: number): Task {
  const opened: Task = { ...task, taskId: `T${state.nextTask}`, openedAt: toInstant(nowMs), answers: [] };
  state.nextTask += 1;
  state.tasks.push(opened);
  return opened;
}

/** The task with this id. */
export function findTask(state: IncidentState, taskId: string): Task | undefined {
  return state.tasks.find((task) => task.taskId === taskId);
}

/** Tasks that still wait for somebody. */
export function openTasks(state: IncidentState): Task[] {
  return state.tasks.filter((task) => task.closedAt === undefined);
}

/** Open tasks of one step. */
export function openTasksOf(state: IncidentState, stepId: string): Task[] {
  return openTasks(state).filter((task) => task.stepId === stepId);
}

/** Closes a task with what came of it. A closed one keeps its first outcome. */
export function closeTask(task: Task, outcome: string, nowMs: number): void {
  if (task.closedAt !== undefined) return;
  task.closedAt = toInstant(nowMs);
  task.outcome = outcome;
}

/**
 * Records an answer. A task without signatures closes with its first one; a consent closes when enough different
 * people approved, or with the first rejection.
 */
export function answerTask(task: Task, answer: TaskAnswer, nowMs: number): void {
  task.answers.push(answer);
  if (task.kind !== 'consent') closeTask(task, answer.choice, nowMs);
  else if (answer.choice === 'reject') closeTask(task, 'rejected', nowMs);
  else if (approvals(task).length >= task.quorum) closeTask(task, 'approved', nowMs);
}

/** Approvals of different people, first one each. */
export function approvals(task: Task): TaskAnswer[] {
  const given = task.answers.filter(({ choice }) => choice === 'approve');
  return given.filter((answer, index) => given.findIndex(({ subject }) => subject === answer.subject) === index);
}

/** The last answer of a closed task. */
export function lastAnswer(task: Task): TaskAnswer | undefined {
  return task.answers.at(-1);
}

/** Closed tasks leave the state above this, oldest first: the journal has what came of them. */
const CLOSED_KEPT = 40;

/** Keeps the state small over weeks. */
export function forgetOldTasks(state: IncidentState): void {
  const closed = state.tasks.filter((task) => task.closedAt !== undefined);
  const gone = new Set(closed.slice(0, Math.max(0, closed.length - CLOSED_KEPT)));
  if (gone.size > 0) state.tasks = state.tasks.filter((task) => !gone.has(task));
}

/** What a containment waits for comes first, then what else stops the incident, then work in the order it was opened. */
export function urgentFirst(tasks: readonly Task[]): Task[] {
  const kinds: readonly Task['kind'][] = ['consent', 'decision', 'blocked', 'manual'];
  const rank = ({ kind, needKey }: Task): number => (needKey === undefined ? kinds.length : 0) + kinds.indexOf(kind);
  return tasks.toSorted((a, b) => rank(a) - rank(b));
}
