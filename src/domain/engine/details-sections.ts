import type { ContainmentView } from '../../contracts/containment.js';
import type { Clock, IncidentState, StepState } from '../../contracts/incident.js';
import type { Task } from '../../contracts/task.js';
import { conditionOf, deadlineMs } from './clocks.js';
import { blockerOf, playbookSteps } from './dag.js';
import { code, table, text } from './markdown.js';
import { teamTitle } from './notices.js';
import { approvals, openTasks, urgentFirst } from './tasks.js';
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
  if (view.state === 'released' && view.provenAt !== undefined) return `was proven ${dateTime(view.provenAt)}`;
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

/** Ticket, evidence, timeline and report: where they are. */
export function filesSection({ ticket, evidence = [], timeline, files, followUpId, review }: IncidentState): string {
  const lines = [
    ...(ticket === undefined ? [] : [`ticket ${text(ticket.ref.key)}: ${text(ticket.ref.url)}`]),
    ...evidence.map(
      ({ collectionId, manifest }) => `evidence ${text(collectionId)}: ${text(manifest.path)}, SHA-256 ${text(manifest.sha256)}`,
    ),
    ...(timeline === undefined ? [] : [`timeline: ${text(timeline.ref.path)}`]),
    ...(files?.['reportHtml'] === undefined ? [] : [`report: ${text(files['reportHtml'].path)}`]),
    ...(review === undefined ? [] : [`review document: ${text(review.path)}`]),
    ...(followUpId === undefined ? [] : [`follow-up: ${text(followUpId)}`]),
  ];
  return lines.length === 0 ? 'None yet.' : lines.map((line) => `- ${line}`).join('\n');
}

/** A policy document in a command is about 250 characters long; a command that is cut cannot be typed. */
const COMMAND_LIMIT = 700;

/** Who answers what, the most urgent first: what to look at, and the exact command that answers it. */
export function tasksSection(state: IncidentState, rows: number): string {
  const tasks = urgentFirst(openTasks(state));
  if (tasks.length === 0) return 'None.';
  const shown = tasks.slice(0, rows).map((task) => taskBlock(state, task, rows));
  const more = tasks.length > rows ? [`and ${tasks.length - rows} more`] : [];
  return [...shown, ...more].join('\n\n');
}

function taskBlock(state: IncidentState, task: Task, rows: number): string {
  const lines = lookAt(task);
  const shown = lines.slice(0, Math.max(1, Math.floor(rows / 2)));
  const answers = commandsFor(state, task).map((line) => code(line, COMMAND_LIMIT));
  return [
    `**${text(task.taskId)} · ${text(teamTitle(state, task.team))}** · ${text(task.title, 160)}`,
    '',
    ...shown.map((line) => `- ${line.startsWith('aws ') ? code(line, COMMAND_LIMIT) : text(line)}`),
    ...(lines.length > shown.length
      ? [`- and ${lines.length - shown.length} more lines: ${code(`tourniquet show ${state.incidentId}`)}`]
      : []),
    `- answer: ${answers.join(' or ')}`,
  ].join('\n');
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

function lookAt(task: Task): string[] {
  const given = task.kind === 'consent' ? [`${approvals(task).length} of ${task.quorum} approvals`] : [];
  const consent = task.consent === undefined ? [] : [`plan ${task.consent.planSha256.slice(0, 12)}, tier ${task.consent.tier}`];
  return [...given, ...consent, ...task.lookAt];
}
