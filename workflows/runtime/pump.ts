import { condition } from '@temporalio/workflow';
import { resumeClock } from '../../src/domain/engine/clocks.js';
import { ladderTeams, stepLadder } from '../../src/domain/engine/ladder.js';
import { teamTitle } from '../../src/domain/engine/notices.js';
import { isOver, phaseOf, someHold } from '../../src/domain/engine/phase.js';
import { passRungs } from '../../src/domain/engine/rungs.js';
import { forgetOldTasks, openTasks } from '../../src/domain/engine/tasks.js';
import { toInstant, toMs } from '../../src/domain/engine/time.js';
import { archiveOldLines } from './archive.js';
import { claimPrincipals } from './claim.js';
import { claimDescendants } from './descendants.js';
import type { Incident } from './incident.js';
import { sendMail } from './mailer.js';
import { orderContainments } from './orders.js';
import { publish } from './publish.js';
import { startFollowUp } from './start-follow-up.js';
import { startSteps } from './step-runner.js';
import { syncTicket } from './ticket-sync.js';
import { syncTimers } from './timers.js';

/**
 * Looks at the whole state after every change and does what it asks for: rungs, ladder, claims, orders, steps,
 * timers, messages, page. Everything is derived from the state, so a run that starts from a recorded one goes on
 * as if nothing had happened.
 *
 * @throws CancelledFailure when the run ends.
 */
export async function pump(incident: Incident): Promise<void> {
  for (;;) {
    await condition(() => incident.run.dirty);
    incident.run.dirty = false;
    tick(incident);
  }
}

function tick(incident: Incident): void {
  const { state } = incident;
  const nowMs = Date.now();
  endPauses(incident, nowMs);
  if (state.closing === undefined) {
    passClocks(incident, nowMs);
    climb(incident, nowMs);
    claimDescendants(incident);
    claimPrincipals(incident);
    orderContainments(incident);
    startSteps(incident);
    startFollowUp(incident);
    closeWhenOver(incident, nowMs);
  }
  state.phase = phaseOf(state);
  forgetOldTasks(state);
  if (state.closing === undefined) syncTicket(incident, nowMs);
  syncTimers(incident);
  sendMail(incident);
  archiveOldLines(incident);
  publish(incident);
}

function endPauses(incident: Incident, nowMs: number): void {
  for (const clock of incident.state.clocks) {
    if (clock.pause === undefined || toMs(clock.pause.untilAt) > nowMs) continue;
    resumeClock(clock, toMs(clock.pause.untilAt));
    incident.journal(`clock ${clock.clockId} runs again: its pause ended`);
  }
}

function passClocks(incident: Incident, nowMs: number): void {
  const { messages, breaches, journal } = passRungs(incident.state, nowMs);
  for (const text of journal) incident.journal(text);
  for (const message of messages) incident.tell(message);
  incident.run.breaches.push(...breaches);
}

function climb(incident: Incident, nowMs: number): void {
  const { state } = incident;
  for (let event = stepLadder(state, nowMs); event !== undefined; event = stepLadder(state, nowMs)) {
    if (event.do === 'rearm') incident.journal('nothing moved since the acknowledgement: the ladder starts again');
    if (event.do !== 'page') continue;
    incident.journal(`ladder: ${teamTitle(state, event.team)} is paged (${event.rung + 1} of ${ladderTeams(state).length})`);
    incident.tell({
      team: event.team,
      kind: 'page',
      title: pageTitle(incident),
      lines: openTasks(state).map((task) => `${task.taskId} ${teamTitle(state, task.team)}: ${task.title}`),
    });
  }
}

function pageTitle({ state }: Incident): string {
  const who = state.principals.map(({ name, account }) => `${name} (${account})`).join(', ') || 'an unresolved principal';
  return `${state.severity} ${state.incidentId}: ${who}, phase ${state.phase}. Acknowledge: tourniquet ack ${state.incidentId}`;
}

function closeWhenOver({ state }: Incident, nowMs: number): void {
  if (state.closeWhenReleased !== undefined && !someHold(state)) state.closing = { ...state.closeWhenReleased, at: toInstant(nowMs) };
  else if (isOver(state)) state.closing = { outcome: 'resolved', reason: 'every step has ended and nothing is held', at: toInstant(nowMs) };
}
