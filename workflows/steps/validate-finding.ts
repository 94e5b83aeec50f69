import { condition } from '@temporalio/workflow';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import type { Task } from '../../src/contracts/task.js';
import type { Verdict } from '../../src/contracts/verdict.js';
import { factsKey } from '../../src/domain/engine/alert-ledger.js';
import { hasEnded } from '../../src/domain/engine/dag.js';
import { decided, type StepEnd, verdictText } from '../../src/domain/engine/outcomes.js';
import { lastAnswer, openTask, openTasksOf } from '../../src/domain/engine/tasks.js';
import { MINUTE_MS, toInstant, toMs } from '../../src/domain/engine/time.js';
import { read } from '../runtime/activities.js';
import { announceTask } from '../runtime/announce.js';
import type { Incident } from '../runtime/incident.js';
import { letGo } from '../runtime/let-go.js';
import { tellNews } from '../runtime/mailer.js';
import { stepTask, withHelp } from '../runtime/people.js';
import { resolveScope } from '../runtime/resolve-scope.js';

/**
 * Weighs the signals: *confirmed* lets containments act, *suspected* asks a person and then follows the pinned
 * no-answer rule, *benign* closes with the reason. Weighs again when alerts or the owner's word add something.
 */
export async function validateFinding(incident: Incident, step: PlaybookStep): Promise<StepEnd | undefined> {
  const resolved = await resolveScope(incident, step);
  if (resolved.how === 'ended') return resolved.end;
  for (;;) {
    const scored = await score(incident, step);
    if (scored.how === 'ended') return scored.end;
    const end = await settle(incident, step, scored.value);
    if (end !== 'again') return end;
  }
}

async function score(incident: Incident, step: PlaybookStep): ReturnType<typeof withHelp<Verdict>> {
  const { state } = incident;
  const basis = basisOf(incident);
  const current = state.steps[step.id];
  if (state.verdict !== undefined && current?.progress === basis) return { how: 'ok', value: state.verdict };
  const scored = await withHelp(incident, step, {
    what: 'weigh the signals',
    work: () => {
      const [principal] = state.principals;
      const input = {
        incidentId: state.incidentId,
        alerts: state.alerts.kept,
        ownerStatements: state.ownerStatements,
        ...(principal === undefined ? {} : { principal }),
      };
      return read.scoreSignals.executeWithOptions({ summary: `weigh the signals of ${state.alerts.kept.length} alerts` }, [input]);
    },
  });
  if (scored.how === 'ended') return scored;
  state.verdict = scored.value;
  if (current !== undefined) current.progress = basis;
  incident.journal(verdictText(scored.value));
  return scored;
}

/** What a verdict was weighed on: a change asks for a new one. */
function basisOf({ state }: Incident): string {
  return `${factsKey(state.alerts)}#${state.ownerStatements.length}#${state.principals[0]?.uniqueId ?? ''}`;
}

async function settle(incident: Incident, step: PlaybookStep, verdict: Verdict): Promise<StepEnd | undefined | 'again'> {
  switch (verdict.verdict) {
    case 'confirmed':
      return confirmed(incident, verdictText(verdict), 'Tourniquet');
    case 'benign':
      // An alert that came while the others were weighed has not been heard yet: nothing closes over its head.
      if (basisOf(incident) !== incident.state.steps[step.id]?.progress) return 'again';
      return benign(incident, step, { reason: verdictText(verdict), who: 'Tourniquet' });
    case 'suspected':
      return decide(incident, step, verdict);
  }
}

function confirmed({ state, changed }: Incident, outcome: string, who: string): StepEnd {
  decided(state, Date.now());
  state.mayProceed = 'alert';
  changed();
  return { status: 'done', outcome, who };
}

/** Closes when nothing was written; else two people must agree to the undo first, and may refuse. */
async function benign(
  incident: Incident,
  step: PlaybookStep,
  { reason, who }: { reason: string; who: string },
): Promise<StepEnd | undefined | 'again'> {
  const { state } = incident;
  const outcome = `benign: ${reason}`;
  const asked = letGo(incident, { reason: outcome, who, stepId: step.id });
  if (asked === 'closing') return { status: 'done', outcome, who };
  await condition(() => state.closing !== undefined || hasEnded(state.steps[step.id]) || asked.some((task) => task.outcome === 'rejected'));
  if (hasEnded(state.steps[step.id])) return undefined;
  return state.closing === undefined ? ask(incident, step, [`${outcome}: the undo was rejected`]) : { status: 'done', outcome, who };
}

async function decide(incident: Incident, step: PlaybookStep, verdict: Verdict): Promise<StepEnd | undefined | 'again'> {
  return ask(incident, step, [verdictText(verdict), ...verdict.signals.map(({ id, weight, reason }) => `${id} ${weight}: ${reason}`)]);
}

/** A person decides. Silence is never an approval: the pinned rule is named, and a later answer still counts. */
async function ask(incident: Incident, step: PlaybookStep, lookAt: string[]): Promise<StepEnd | undefined | 'again'> {
  const { state } = incident;
  const task = decisionTask(incident, step, lookAt);
  const basis = state.steps[step.id]?.progress;
  for (;;) {
    const silent = (): boolean => task.answerByAt !== undefined && toMs(task.answerByAt) <= Date.now();
    await condition(() => task.closedAt !== undefined || hasEnded(state.steps[step.id]) || basisOf(incident) !== basis || silent());
    if (hasEnded(state.steps[step.id])) return undefined;
    if (task.closedAt !== undefined) return decision(incident, step, task);
    if (basisOf(incident) !== basis) return 'again';
    speakRule(incident, task);
  }
}

function decisionTask(incident: Incident, step: PlaybookStep, lookAt: string[]): Task {
  const { state } = incident;
  const open = openTasksOf(state, step.id).find(({ kind }) => kind === 'decision');
  if (open !== undefined) {
    open.lookAt = lookAt;
    return open;
  }
  const minutes = state.pin?.waits.suspectedAnswerMinutes ?? 30;
  const ruleSpoke = state.mayProceed === 'rule' || state.tasks.some((task) => task.stepId === step.id && task.kind === 'decision');
  const task = openTask(
    state,
    {
      ...stepTask(step),
      kind: 'decision',
      title: 'Suspected: is this an attack?',
      lookAt,
      choices: ['confirm', 'benign'],
      ...(ruleSpoke ? {} : { answerByAt: toInstant(Date.now() + minutes * MINUTE_MS) }),
    },
    Date.now(),
  );
  announceTask(incident, task);
  return task;
}

async function decision(incident: Incident, step: PlaybookStep, task: Task): Promise<StepEnd | undefined | 'again'> {
  const answer = lastAnswer(task);
  if (answer === undefined) return 'again';
  const outcome = `${answer.choice} by ${answer.subject}: ${answer.reason}`;
  return answer.choice === 'benign'
    ? benign(incident, step, { reason: outcome, who: answer.subject })
    : confirmed(incident, outcome, answer.subject);
}

function speakRule(incident: Incident, task: Task): void {
  const { state } = incident;
  const rule = state.pin?.waits.noAnswerRule;
  delete task.answerByAt;
  if (rule === undefined) return;
  const does =
    rule.rule === 'wait'
      ? 'wait: nothing is done before somebody answers'
      : 'reversibleSubset: only measures with an exact undo go ahead; this is no approval';
  const text = `nobody answered ${task.taskId} in time; rule ${rule.id} v${rule.version} says ${does}`;
  task.lookAt = [...task.lookAt, text];
  if (rule.rule === 'reversibleSubset') state.mayProceed = 'rule';
  incident.journal(text, `rule ${rule.id} v${rule.version}`);
  tellNews(incident, { team: task.team, kind: 'news', title: text, lines: [] });
}
