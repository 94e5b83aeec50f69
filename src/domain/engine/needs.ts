import type { ContainmentNeed, ContainmentView } from '../../contracts/containment.js';
import type { IncidentState } from '../../contracts/incident.js';
import type { Task } from '../../contracts/task.js';
import { note } from './journal.js';
import { firstTeam } from './notices.js';
import { playbookSteps } from './dag.js';
import { closeTask, type NewTask, openTask, openTasks } from './tasks.js';

interface NeedContext {
  readonly stepId: string;
  readonly nowMs: number;
}

/** `<containmentId>#<needId>`: ties a task to the need that opened it. */
export function needKeyOf(view: ContainmentView, needId: string): string {
  return `${view.containmentId}#${needId}`;
}

/** The containment and need behind a task, where a containment asked for it. */
export function needOf(state: IncidentState, task: Task): { view: ContainmentView; need: ContainmentNeed | undefined } | undefined {
  const [containmentId, needId] = (task.needKey ?? '').split('#');
  const view = containmentId === undefined || needId === undefined ? undefined : state.scope[containmentId];
  return view === undefined ? undefined : { view, need: view.needs.find((need) => need.needId === needId) };
}

/** One open task per need; a task whose need is gone, or changed what it asks consent for, is closed. */
export function syncNeeds(state: IncidentState, view: ContainmentView, { stepId, nowMs }: NeedContext): void {
  for (const task of openTasks(state)) {
    if (task.needKey?.startsWith(`${view.containmentId}#`) !== true) continue;
    if (!stillWanted(task, needOf(state, task)?.need)) closeTask(task, 'no longer needed', nowMs);
  }
  for (const need of view.needs) {
    const needKey = needKeyOf(view, need.needId);
    if (openTasks(state).some((task) => task.needKey === needKey)) continue;
    if (wasAnswered(state, { needKey, need })) continue;
    const task = openTask(state, taskFor(state, view, { need, stepId }), nowMs);
    note(state, { nowMs, who: 'Tourniquet', text: `${task.taskId} opened: ${task.title}` });
  }
}

/** The containment may show a question until its next change: one that has its answer (a reason, enough signatures) is not asked again. */
function wasAnswered(state: IncidentState, { needKey, need }: { needKey: string; need: ContainmentNeed }): boolean {
  const asked = state.tasks.filter((task) => task.needKey === needKey);
  if (need.kind === 'cancelled') return asked.length > 0;
  // After consents ran out the same plan is asked for again, with another expiry.
  return (
    need.kind === 'consent' && asked.some((task) => task.outcome === 'approved' && task.consent?.expiresAt === need.consent?.expiresAt)
  );
}

function stillWanted(task: Task, need: ContainmentNeed | undefined): boolean {
  if (need === undefined) return false;
  if (task.consent === undefined || need.consent === undefined) return true;
  return task.consent.planSha256 === need.consent.planSha256 && task.consent.tier === need.consent.tier && task.quorum === quorumOf(need);
}

function taskFor(state: IncidentState, view: ContainmentView, { need, stepId }: { need: ContainmentNeed; stepId: string }): NewTask {
  const base = {
    stepId,
    title: need.title,
    lookAt: need.lookAt,
    needKey: needKeyOf(view, need.needId),
    quorum: quorumOf(need),
    team: playbookSteps(state).find(({ id }) => id === stepId)?.owner ?? firstTeam(state),
  };
  switch (need.kind) {
    case 'consent':
      return { ...base, kind: 'consent', choices: ['approve', 'reject'], needsSignature: true, ...consentOf(state, view, need) };
    case 'retry':
      return { ...base, kind: 'blocked', choices: choicesOf(need, ['retry']), needsSignature: false };
    case 'byHand':
      return { ...base, kind: 'manual', choices: choicesOf(need, ['done', 'actNow']), needsSignature: false };
    case 'conflict':
      return { ...base, kind: 'decision', choices: choicesOf(need, ['keep']), needsSignature: false };
    case 'cancelled':
      return { ...base, kind: 'decision', choices: choicesOf(need, ['goOn']), needsSignature: false };
  }
}

function choicesOf(need: ContainmentNeed, otherwise: string[]): string[] {
  const choices = need.choices.length > 0 ? need.choices : otherwise;
  return need.kind === 'retry' || need.kind === 'byHand' ? [...new Set([...choices, 'skip'])] : [...choices];
}

function quorumOf(need: ContainmentNeed): number {
  return Math.max(1, need.consent?.quorum ?? 1);
}

function consentOf(state: IncidentState, view: ContainmentView, need: ContainmentNeed): Pick<Task, 'consent'> {
  if (need.consent === undefined) return {};
  const { action, planSha256, tier, expiresAt } = need.consent;
  const { uniqueId, ownerSubjects } = view.principal;
  return { consent: { incidentId: state.incidentId, action, principalUniqueId: uniqueId, planSha256, tier, ownerSubjects, expiresAt } };
}
