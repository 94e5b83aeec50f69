import type { ContainmentNeed, ContainmentView } from '../../src/contracts/containment.js';
import { assertNever } from '../../src/contracts/failures.js';
import type { Task, TaskAnswer } from '../../src/contracts/task.js';
import { askConsent } from '../../src/domain/engine/consents.js';
import { needOf, syncNeeds } from '../../src/domain/engine/needs.js';
import { announceTask } from '../runtime/announce.js';
import type { Incident } from '../runtime/incident.js';
import { sendOrder } from '../runtime/orders.js';
import { requesterOf } from '../runtime/requester.js';
import { afterConsent } from './after-consent.js';

/** What follows from an answer beyond the step that asked: consents that are complete, and needs of containments. */
export async function followUp(incident: Incident, task: Task, answer: TaskAnswer): Promise<void> {
  if (task.needKey?.startsWith('lost:') === true) return restartContainment(incident, task);
  if (task.kind === 'consent') return afterConsent(incident, task);
  const asked = needOf(incident.state, task);
  if (asked === undefined) return;
  if (answer.choice === 'askAgain') return syncNeeds(incident.state, asked.view, { stepId: task.stepId, nowMs: Date.now() });
  if (asked.need !== undefined) await answerNeed(incident, { task, answer, view: asked.view, need: asked.need });
}

interface NeedAnswer {
  readonly task: Task;
  readonly answer: TaskAnswer;
  readonly view: ContainmentView;
  readonly need: ContainmentNeed;
}

async function answerNeed(incident: Incident, { task, answer, view, need }: NeedAnswer): Promise<void> {
  const { containmentId } = view;
  switch (need.kind) {
    case 'retry':
      return sendOrder(incident, containmentId, { order: 'retry' });
    case 'byHand':
      if (answer.choice === 'actNow') return askToAct(incident, task, { view, need, requestedBy: answer.subject });
      return sendOrder(incident, containmentId, { order: 'handDone', subject: answer.subject });
    case 'conflict':
      return sendOrder(
        incident,
        containmentId,
        answer.choice === 'retry' ? { order: 'retry' } : { order: 'keepConflict', subject: answer.subject },
      );
    case 'cancelled': // the reason is in the journal; the containment never stopped
    case 'consent':
      return undefined;
    default:
      return assertNever(need.kind);
  }
}

/** *Observe* mode or a rail, and somebody wants Tourniquet to act all the same: that needs a signature. */
function askToAct(
  incident: Incident,
  asked: Task,
  { view, need, requestedBy }: Pick<NeedAnswer, 'view' | 'need'> & { readonly requestedBy: string },
): void {
  const { state } = incident;
  const quorum = Math.max(1, need.consent?.quorum ?? view.plan?.quorum ?? 1);
  const title = `Let Tourniquet contain ${view.principal.name} now?`;
  const task = askConsent(
    state,
    { action: 'contain', view, stepId: asked.stepId, team: asked.team, title, lookAt: asked.lookAt, quorum, ...requesterOf(requestedBy) },
    Date.now(),
  );
  // The need is now answered by this task: as long as it is open, no second one opens for it.
  if (asked.needKey !== undefined) task.needKey = asked.needKey;
  announceTask(incident, task);
}

/** Its containment was gone: claim again, and give it the orders it missed. */
function restartContainment({ state, changed }: Incident, task: Task): void {
  const containmentId = (task.needKey ?? '').slice('lost:'.length);
  delete state.scope[containmentId];
  state.proceeded = (state.proceeded ?? []).filter((key) => !key.startsWith(`${containmentId}|`));
  changed();
}
