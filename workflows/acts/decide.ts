import { isCancellation } from '@temporalio/workflow';
import type { Act, Task, TaskAnswer } from '../../src/contracts/task.js';
import { refusalOf } from '../../src/domain/engine/acts.js';
import { moved } from '../../src/domain/engine/ladder.js';
import { answerTask, approvals, findTask } from '../../src/domain/engine/tasks.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { containStep } from '../../src/domain/engine/views.js';
import { read } from '../runtime/activities.js';
import { failureText } from '../runtime/failure-text.js';
import type { Incident } from '../runtime/incident.js';
import { followUp } from './follow-up.js';
import { askToSkipContainment } from './skip.js';
import type { ActOutcome } from './index.js';

export type Decide = Extract<Act, { act: 'decide' }>;

/** Takes one person's answer to a task: signature first where one is needed, then what follows from it. */
export async function decide(incident: Incident, act: Decide): Promise<ActOutcome> {
  const { state } = incident;
  const task = findTask(state, act.taskId);
  if (task === undefined) return { accepted: false, message: `no task ${act.taskId}` };
  const invalid = await invalidSignature(incident, task, act);
  // Checking took a while: the task may have been answered or withdrawn meanwhile.
  const refusal = invalid ?? refusalOf(state, act, Date.now());
  if (refusal !== undefined) return refuse(incident, act, refusal);
  if (act.choice === 'skip' && task.stepId === containStep(state)?.id) return askToSkipContainment(incident, act);
  const answer: TaskAnswer = {
    actId: act.actId,
    subject: act.subject,
    choice: act.choice,
    reason: act.reason,
    at: toInstant(Date.now()),
    ...(act.record === undefined ? {} : { record: act.record }),
  };
  answerTask(task, answer, Date.now());
  moved(state, Date.now());
  incident.journal(`${task.taskId} (${task.title}): ${act.choice}${act.reason === '' ? '' : `, ${act.reason}`}`, act.subject);
  await followUp(incident, task, answer);
  return { accepted: true, taskId: task.taskId, message: standing(task) };
}

function standing(task: Task): string {
  if (task.closedAt !== undefined) return `${task.taskId} is closed: ${task.outcome ?? 'answered'}`;
  return `${task.taskId}: ${approvals(task).length} of ${task.quorum} approvals`;
}

/** A refused signature is journalled: somebody may be trying keys. */
function refuse(incident: Incident, act: Decide, refusal: string): ActOutcome {
  incident.journal(`refused ${act.choice} of ${act.taskId}: ${refusal}`, act.subject);
  return { accepted: false, taskId: act.taskId, message: refusal };
}

async function invalidSignature(incident: Incident, task: Task, act: Decide): Promise<string | undefined> {
  if (!task.needsSignature || task.consent === undefined || act.record === undefined) return undefined;
  const { incidentId, action, principalUniqueId, planSha256, tier, ownerSubjects } = task.consent;
  const wanted = { incidentId, action, principalUniqueId, planSha256, tier, ownerSubjects };
  const record = act.record;
  try {
    const checked = await incident.busy(() =>
      read.checkConsent.executeWithOptions({ summary: `check the signature of ${act.subject} on ${task.taskId}`.slice(0, 200) }, [
        { record, subject: act.subject, wanted },
      ]),
    );
    if (!checked.valid) return checked.reason;
    return checked.consent.decision === act.choice ? undefined : `the signed record says ${checked.consent.decision}, not ${act.choice}`;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return `the signature could not be checked (${failureText(error)}); send it again`;
  }
}
