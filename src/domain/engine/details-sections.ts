import type { ContainmentView } from '../../contracts/containment.js';
import type { Clock, IncidentState, StepState } from '../../contracts/incident.js';
import type { Task } from '../../contracts/task.js';
import { conditionOf, deadlineMs } from './clocks.js';
import { blockerOf, playbookSteps } from './dag.js';
import { code, table, text } from './markdown.js';
import { teamTitle } from './notices.js';
import { approvals, openTasks } from './tasks.js';
import { dateTime, toInstant } from './time.js';

/** State, owner, due and outcome of every step. */
export function stepsSection(state: IncidentState, rows: number): string {
  const cells = playbookSteps(state).map((step) => {
    const current = state.steps[step.id];
    const clock = state.clocks.find(({ stepId }) => stepId === step.id);
    return [
      text(step.title),
      stepCell(state, current),
      text(teamTitle(state, step.owner)),
      dueCell(clock),
      text(current?.outcome ?? '', 160),
    ];
  });
  return table(['step', 'state', 'owner', 'due', 'outcome'], cells, rows) || 'The playbook is not loaded yet.';
}

function stepCell(state: IncidentState, step: StepState | undefined): string {
  if (step === undefined) return 'unknown';
  const blocker = blockerOf(state, step.stepId);
  return blocker === undefined ? step.status : `waits for ${text(blocker.id)}`;
}

function dueCell(clock: Clock | undefined): string {
  if (clock === undefined) return '';
  const due = deadlineMs(clock);
  if (due === undefined) return clock.from === 'recovered' ? 'after recovery' : 'after the verdict';
  const condition = conditionOf(clock);
  const at = dateTime(toInstant(due));
  if (condition === 'onTrack') return at;
  if (condition === 'paused')
    return `${at}, **paused** until ${dateTime(clock.pause?.untilAt ?? '')}: ${text(clock.pause?.reason ?? '', 80)}`;
  return condition === 'met' || condition === 'cancelled' ? condition : `${at}, **${condition === 'dueSoon' ? 'due soon' : condition}**`;
}

/** Applied, proven, holding, and what each claim rests on. */
export function principalsSection(state: IncidentState, rows: number): string {
  const contained = Object.values(state.scope).map((view) => [
    `${text(view.principal.name)} (${text(view.principal.account)})`,
    view.state,
    view.appliedAt === undefined ? 'no' : dateTime(view.appliedAt),
    provenCell(view),
    text(holdingCell(view), 200),
    text(restsOn(view), 400),
  ]);
  const section = table(['principal', 'state', 'applied', 'proven', 'holding', 'what this rests on'], contained, rows);
  if (section !== '') return section;
  const { resolution } = state;
  return resolution === undefined || resolution.found
    ? 'None claimed yet. Not proven.'
    : `Not resolved (${resolution.why}): ${text(resolution.detail)}. **Not proven.**`;
}

function provenCell(view: ContainmentView): string {
  const proven = view.provenAt !== undefined && (view.state === 'proven' || view.state === 'sessionHold' || view.state === 'recovering');
  const withdrawn = view.withdrawn > 0 ? ` (withdrawn ${view.withdrawn}×)` : '';
  return `${proven ? dateTime(view.provenAt ?? '') : '**not proven**'}${withdrawn}`;
}

function holdingCell(view: ContainmentView): string {
  if (view.state === 'released') return `released ${view.releasedAt === undefined ? '' : dateTime(view.releasedAt)}`;
  return view.inForce.length === 0 ? 'nothing of ours' : view.inForce.join(', ');
}

function restsOn(view: ContainmentView): string {
  const failed = view.failedMeasures.map(({ measure, target, reason }) => `FAILED ${measure} ${target}: ${reason}`);
  const limits = view.limits.map((limit) => `limit: ${limit}`);
  const rests = view.provenBy.length > 0 ? view.provenBy : [view.headline];
  return [...failed, ...rests, ...limits].join('; ');
}

/** Who answers what, and the exact command that does it. */
export function tasksSection(state: IncidentState, rows: number): string {
  const cells = openTasks(state).map((task) => [
    text(task.taskId),
    text(task.title, 160),
    text(teamTitle(state, task.team)),
    text(lookAt(task), 300),
    commandsFor(state, task)
      .map((line) => code(line))
      .join(' · '),
  ]);
  return table(['task', 'what', 'who', 'look at', 'answer with'], cells, rows) || 'None.';
}

/** The commands of the CLI that answer a task, one per choice. */
export function commandsFor(state: IncidentState, task: Task): string[] {
  return task.choices.map((choice) => commandFor(`${state.incidentId} ${task.taskId}`, choice));
}

/** Verbs of the CLI are names for `decide` with these choices (design 6). */
const VERBS: Readonly<Record<string, string>> = { approve: 'approve', reject: 'reject', done: 'complete', retry: 'retry', skip: 'skip' };

function commandFor(target: string, choice: string): string {
  const verb = VERBS[choice];
  return verb === undefined ? `tourniquet complete ${target} --choice ${choice} --reason "…"` : `tourniquet ${verb} ${target} --reason "…"`;
}

function lookAt(task: Task): string {
  const given = task.kind === 'consent' ? [`${approvals(task).length} of ${task.quorum} approvals`] : [];
  const consent = task.consent === undefined ? [] : [`plan ${task.consent.planSha256.slice(0, 12)}, tier ${task.consent.tier}`];
  return [...given, ...consent, ...task.lookAt].join('; ');
}
