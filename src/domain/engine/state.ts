import type { Clock, IncidentInput, IncidentState } from '../../contracts/incident.js';
import type { PlaybookPin } from '../../contracts/playbook.js';
import { newLedger } from './alert-ledger.js';
import { newClock, startClocks } from './clocks.js';
import { playbookSteps } from './dag.js';
import { newLadder } from './ladder.js';
import { MINUTE_MS, toInstant, toMs } from './time.js';

/** The state an incident starts with, before its playbook is loaded and its first alert is heard. */
export function newIncident(input: IncidentInput, lockId: string): IncidentState {
  return {
    incidentId: input.incidentId,
    lockId,
    openedAt: input.openedAt,
    clockStartAt: input.clockStartAt,
    ...(input.previousIncidentId === undefined ? {} : { previousIncidentId: input.previousIncidentId }),
    runs: 1,
    severity: 'LOW',
    phase: 'triage',
    principals: [],
    alerts: newLedger(),
    ownerStatements: [],
    steps: {},
    tasks: [],
    nextTask: 1,
    clocks: [],
    ladder: newLadder(input.openedAt),
    scope: {},
    journal: [],
    journalArchived: 0,
    acts: [],
  };
}

/** Takes the pinned playbook in: a waiting step and a clock per row. */
export function adoptPlaybook(state: IncidentState, pin: PlaybookPin): void {
  state.pin = pin;
  const steps = playbookSteps(state);
  for (const step of steps) state.steps[step.id] = { stepId: step.id, status: 'waiting' };
  state.clocks = steps.map((step): Clock => newClock(step, undefined));
  startClocks(state.clocks, 'detected', state.clockStartAt);
  const first = pin.ladder.rungs[0];
  if (first !== undefined) state.ladder.nextAt = toInstant(toMs(state.openedAt) + first.afterMinutes * MINUTE_MS);
}
