import type { IncidentState } from '../../contracts/incident.js';
import type { Act, ActResult, Task } from '../../contracts/task.js';
import { isRunning } from './clocks.js';
import { findTask } from './tasks.js';
import { DAY_MS, toMs } from './time.js';

const KEPT_ACTS = 200;
/** A pause is bounded: a clock that nobody looks at again must come back by itself. */
const MAX_PAUSE_MS = 3 * DAY_MS;
/** What a person linked to the principal may still answer: work they did or ask for, never what happens to it. */
const LINKED_CHOICES: ReadonlySet<string> = new Set(['done', 'retry']);

/** People linked to any principal in scope (design 9). */
export function linkedSubjects(state: IncidentState): string[] {
  return [...new Set(state.principals.flatMap(({ ownerSubjects }) => ownerSubjects))];
}

/** The first answer to this act, when it was already given. */
export function answeredBefore(state: IncidentState, actId: string): ActResult | undefined {
  return state.acts.find((result) => result.actId === actId);
}

/** Keeps the answers of the last 200 acts. */
export function rememberAct(state: IncidentState, result: ActResult): void {
  state.acts.push(result);
  if (state.acts.length > KEPT_ACTS) state.acts.splice(0, state.acts.length - KEPT_ACTS);
}

/**
 * Why an act may not happen now.
 *
 * @returns a sentence for the person who sent it; undefined when the act is allowed.
 */
export function refusalOf(state: IncidentState, act: Act, nowMs: number): string | undefined {
  if (state.phase === 'closed' || state.closing !== undefined)
    return `incident ${state.incidentId} is closing; nothing more can be changed`;
  const linked = linkedSubjects(state).includes(act.subject);
  switch (act.act) {
    case 'decide':
      return refuseDecision(state, act, linked);
    case 'pause':
      return linked ? linkedText(act.subject, 'pauses a clock') : refusePause(state, act, nowMs);
    case 'resume':
      return state.clocks.some(({ clockId, pause }) => clockId === act.clockId && pause !== undefined)
        ? undefined
        : `clock ${act.clockId} is not paused`;
    case 'request':
      return refuseRequest(state, act, linked);
    case 'acknowledge':
    case 'note':
      return undefined;
  }
}

type Decide = Extract<Act, { act: 'decide' }>;
type Pause = Extract<Act, { act: 'pause' }>;
type Request = Extract<Act, { act: 'request' }>;

function refuseDecision(state: IncidentState, act: Decide, linked: boolean): string | undefined {
  const task = findTask(state, act.taskId);
  if (task === undefined) return `no task ${act.taskId}; open: ${openIds(state)}`;
  if (task.closedAt !== undefined) return `task ${act.taskId} is closed: ${task.outcome ?? 'answered'}`;
  if (!task.choices.includes(act.choice)) return `task ${act.taskId} takes ${task.choices.join(', ')}`;
  if (linked && !(LINKED_CHOICES.has(act.choice) && isOrdinary(task))) return linkedText(act.subject, 'decides here');
  if (act.choice === 'skip' && act.reason.trim().length < 3) return 'skip needs a reason';
  if (act.choice === 'approve' && task.quorum > 1 && task.requestedBy === act.subject)
    return `${act.subject} asked for ${act.taskId} and does not count: ${task.quorum} other people are needed`;
  if (!task.needsSignature) return undefined;
  if (act.record === undefined) return `task ${act.taskId} needs a signed record`;
  return task.answers.some(({ subject }) => subject === act.subject)
    ? `${act.subject} already answered ${act.taskId}; ${task.quorum} different people are needed`
    : undefined;
}

function isOrdinary(task: Task): boolean {
  return task.needKey === undefined && (task.kind === 'manual' || task.kind === 'blocked');
}

function refusePause(state: IncidentState, act: Pause, nowMs: number): string | undefined {
  const clock = state.clocks.find(({ clockId }) => clockId === act.clockId);
  if (clock === undefined) return `no clock ${act.clockId}; there are ${state.clocks.map(({ clockId }) => clockId).join(', ')}`;
  if (!isRunning(clock)) return `clock ${act.clockId} does not run (not started, paused, breached or stopped)`;
  if (toMs(act.untilAt) <= nowMs) return 'untilAt is not in the future';
  return toMs(act.untilAt) - nowMs > MAX_PAUSE_MS ? 'a pause lasts three days at most' : undefined;
}

function refuseRequest(state: IncidentState, act: Request, linked: boolean): string | undefined {
  if (act.what === 'wasMe' || act.what === 'notMe')
    return linked ? undefined : `${act.subject} is not linked to a principal of this incident`;
  return linked ? linkedText(act.subject, `requests ${act.what}`) : undefined;
}

function linkedText(subject: string, what: string): string {
  return `${subject} is linked to the principal in scope: somebody else ${what}`;
}

function openIds(state: IncidentState): string {
  const ids = state.tasks.filter(({ closedAt }) => closedAt === undefined).map(({ taskId }) => taskId);
  return ids.length === 0 ? 'none' : ids.join(', ');
}
