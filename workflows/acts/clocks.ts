import type { Act } from '../../src/contracts/task.js';
import { pauseClock, resumeClock } from '../../src/domain/engine/clocks.js';
import { toInstant } from '../../src/domain/engine/time.js';
import type { Incident } from '../runtime/incident.js';
import type { ActOutcome } from './index.js';

/** Stops a clock with a reason until a moment at most three days away; the page and the journal say why. */
export function pause(incident: Incident, { clockId, reason, untilAt, subject }: Extract<Act, { act: 'pause' }>): ActOutcome {
  const clock = incident.state.clocks.find((candidate) => candidate.clockId === clockId);
  if (clock === undefined) return { accepted: false, message: `no clock ${clockId}` };
  pauseClock(clock, { at: toInstant(Date.now()), untilAt, reason, subject });
  incident.journal(`clock ${clockId} paused until ${untilAt}: ${reason}`, subject);
  return { accepted: true, message: `clock ${clockId} is paused until ${untilAt}` };
}

/** Lets a paused clock run again; the time of the pause moved its deadline. */
export function resume(incident: Incident, { clockId, subject }: Extract<Act, { act: 'resume' }>): ActOutcome {
  const clock = incident.state.clocks.find((candidate) => candidate.clockId === clockId);
  if (clock === undefined) return { accepted: false, message: `no clock ${clockId}` };
  resumeClock(clock, Date.now());
  incident.journal(`clock ${clockId} runs again`, subject);
  return { accepted: true, message: `clock ${clockId} runs again` };
}
