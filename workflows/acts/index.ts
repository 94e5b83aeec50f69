import { CancellationScope } from '@temporalio/workflow';
import { assertNever } from '../../src/contracts/failures.js';
import { Act, type ActResult } from '../../src/contracts/task.js';
import { parsePayload } from '../../src/contracts/failures.js';
import { answeredBefore, refusalOf, rememberAct } from '../../src/domain/engine/acts.js';
import { acknowledge } from '../../src/domain/engine/ladder.js';
import type { Incident } from '../runtime/incident.js';
import { decide } from './decide.js';
import { pause, resume } from './clocks.js';
import { request } from './request.js';

/** What an act led to, before it is remembered. */
export type ActOutcome = Omit<ActResult, 'actId'>;

/**
 * Checks the shape of an act before it enters the history.
 *
 * @throws InvalidPayload, permanent: the sender gets it as the update's rejection.
 */
export function checkShape(act: unknown): void {
  parsePayload(Act, act, 'act');
}

/**
 * Handles the one message from people. A repeated actId gets its first answer; also while the first is still under
 * way (a consent being checked). A refused act changes nothing.
 */
export function createActHandler(incident: Incident): (act: Act) => Promise<ActResult> {
  const underWay = new Map<string, Promise<ActResult>>();
  return (act) => {
    const first = answeredBefore(incident.state, act.actId);
    if (first !== undefined) return Promise.resolve(first);
    const running = underWay.get(act.actId);
    if (running !== undefined) return running;
    // A cancel request must not cut an answer off half-way.
    const answer = CancellationScope.nonCancellable(() => perform(incident, act)).finally(() => underWay.delete(act.actId));
    underWay.set(act.actId, answer);
    return answer;
  };
}

async function perform(incident: Incident, act: Act): Promise<ActResult> {
  const refusal = refusalOf(incident.state, act, Date.now());
  const outcome = refusal === undefined ? await carryOut(incident, act) : { accepted: false, message: refusal };
  const result: ActResult = { actId: act.actId, ...outcome };
  rememberAct(incident.state, result);
  incident.changed();
  return result;
}

async function carryOut(incident: Incident, act: Act): Promise<ActOutcome> {
  switch (act.act) {
    case 'decide':
      return decide(incident, act);
    case 'acknowledge':
      return acknowledged(incident, act.subject);
    case 'pause':
      return pause(incident, act);
    case 'resume':
      return resume(incident, act);
    case 'note':
      incident.journal(act.text, act.subject);
      return { accepted: true, message: 'noted' };
    case 'request':
      return request(incident, act);
    default:
      return assertNever(act);
  }
}

function acknowledged(incident: Incident, subject: string): ActOutcome {
  const until = acknowledge(incident.state, subject, Date.now());
  incident.journal(`acknowledged; the ladder waits until ${until} and starts again when nothing moved`, subject);
  return { accepted: true, message: `acknowledged until ${until}` };
}
