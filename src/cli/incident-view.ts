import type { ContainmentView } from '../contracts/containment.js';
import type { IncidentState } from '../contracts/incident.js';
import type { Task } from '../contracts/task.js';
import { playbookSteps } from '../domain/engine/dag.js';
import { commandsFor } from '../domain/engine/details-sections.js';
import { countdown } from '../incidents/durations.js';
import { tableLines } from './output.js';
import { terminalText } from './terminal-text.js';

/** Everything `show` prints, line by line; strings of unknown origin are encoded. */
export function incidentLines(state: IncidentState, now: Date, journalLines: number): string[] {
  return [
    terminalText(
      `${state.incidentId} · ${state.severity} · ${state.phase}${state.verdict === undefined ? '' : ` · ${state.verdict.verdict} (sum ${state.verdict.sum})`}`,
    ),
    ...(state.closing === undefined ? [] : [terminalText(`closing: ${state.closing.outcome}: ${state.closing.reason}`)]),
    '',
    ...stepLines(state, now),
    '',
    ...principalLines(state),
    '',
    ...taskLines(state, now),
    '',
    'Journal',
    ...state.journal.slice(-journalLines).map((line) => terminalText(`  ${line.at.slice(0, 19)}Z  ${line.who}: ${line.text}`)),
  ];
}

function stepLines(state: IncidentState, now: Date): string[] {
  const steps = playbookSteps(state);
  if (steps.length === 0) return ['Steps: the playbook is not loaded yet'];
  const rows = steps.map((step) => {
    const { status = 'waiting', outcome = '' } = state.steps[step.id] ?? {};
    return [`  ${step.id}`, status, state.pin?.teamTitles[step.owner] ?? step.owner, dueOf(state, step.id, now), outcome];
  });
  return tableLines([['Steps', 'state', 'owner', 'due', 'outcome'], ...rows]);
}

function dueOf(state: IncidentState, stepId: string, now: Date): string {
  const clock = state.clocks.find((candidate) => candidate.stepId === stepId);
  if (clock?.startAt === undefined) return '–';
  if (clock.metAt !== undefined) return 'met';
  if (clock.cancelledAt !== undefined) return '–';
  if (clock.pause !== undefined) return `paused until ${clock.pause.untilAt.slice(0, 16)}Z`;
  const due = new Date(Date.parse(clock.startAt) + clock.minutes * 60_000 + clock.pausedMs);
  return `${due.toISOString().slice(0, 16)}Z (${clock.breachedAt === undefined ? '' : 'breached, '}${countdown(due, now)})`;
}

function principalLines(state: IncidentState): string[] {
  const views = Object.values(state.scope);
  if (views.length === 0) return ['Principals: none in scope'];
  return ['Principals', ...views.flatMap(viewLines)];
}

function viewLines(view: ContainmentView): string[] {
  const proof = view.provenBy.map((sign) => `    rests on: ${sign}`);
  const limits = view.limits.map((limit) => `    limit: ${limit}`);
  const failed = view.failedMeasures.map(({ measure, target, reason }) => `    FAILED ${measure} ${target}: ${reason}`);
  return [`  ${view.principal.arn} · ${view.state} · ${view.headline}`, ...failed, ...proof, ...limits].map(terminalText);
}

function taskLines(state: IncidentState, now: Date): string[] {
  const open = state.tasks.filter((task) => task.closedAt === undefined);
  if (open.length === 0) return ['Open tasks: none'];
  return ['Open tasks', ...open.flatMap((task) => oneTask(state, task, now))];
}

function oneTask(state: IncidentState, task: Task, now: Date): string[] {
  const by = task.answerByAt === undefined ? '' : ` · answer ${countdown(new Date(task.answerByAt), now)}`;
  const quorum = task.kind === 'consent' ? ` · ${task.answers.length} of ${task.quorum}` : '';
  const team = state.pin?.teamTitles[task.team] ?? task.team;
  const lines = [`  ${task.taskId} ${task.title} · ${team}${quorum}${by}`, ...task.lookAt.map((line) => `      ${line}`)];
  return [...lines, ...commandsFor(state, task).map((line) => `      $ ${line}`)].map(terminalText);
}
