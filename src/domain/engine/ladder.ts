import type { IncidentState, LadderState } from '../../contracts/incident.js';
import type { LadderSpec } from '../../contracts/playbook.js';
import { MINUTE_MS, toInstant, toMs } from './time.js';

/** Pages wait this long for a first verdict, so that an alert that closes as benign at once wakes nobody. */
const VERDICT_GRACE_MS = MINUTE_MS;

export type LadderEvent = { do: 'page'; team: string; rung: number } | { do: 'hold' } | { do: 'rearm' };

/** A ladder that counts from receipt. */
export function newLadder(openedAt: string): LadderState {
  return { startedAt: openedAt, nextRung: 0, nextAt: openedAt, lastMoveAt: openedAt, pages: [] };
}

/** Index of the last rung this incident climbs to, by severity (S000; `teams.yaml`). */
export function lastRung(spec: LadderSpec, severity: IncidentState['severity']): number {
  const index = spec.rungs.findIndex(({ team }) => team === spec.lastRungBySeverity[severity]);
  return index === -1 ? spec.rungs.length - 1 : index;
}

/** Teams up to the last rung, in order. */
export function ladderTeams(state: IncidentState): string[] {
  const spec = state.pin?.ladder;
  return spec === undefined ? [] : spec.rungs.slice(0, lastRung(spec, state.severity) + 1).map(({ team }) => team);
}

/** When the ladder acts next: a page, or the end of what an acknowledgement holds. */
export function ladderDueMs(state: IncidentState): number | undefined {
  const { ladder } = state;
  if (!climbs(state)) return undefined;
  if (ladder.ackHoldsUntilAt !== undefined) return toMs(ladder.ackHoldsUntilAt);
  const spec = state.pin?.ladder;
  if (spec === undefined || ladder.nextAt === undefined || ladder.nextRung > lastRung(spec, state.severity)) return undefined;
  const quiet = state.verdict === undefined && !state.tasks.some((task) => task.closedAt === undefined);
  return Math.max(toMs(ladder.nextAt), quiet ? toMs(ladder.startedAt) + VERDICT_GRACE_MS : 0);
}

/** The next thing the ladder does at `nowMs`, already recorded in the state; undefined when it is early. */
export function stepLadder(state: IncidentState, nowMs: number): LadderEvent | undefined {
  const dueMs = ladderDueMs(state);
  if (dueMs === undefined || dueMs > nowMs) return undefined;
  return state.ladder.ackHoldsUntilAt === undefined ? page(state, nowMs) : endOfHold(state, nowMs);
}

/** Somebody took the incident: the ladder stands still for the wait of the rung that was paged. */
export function acknowledge(state: IncidentState, subject: string, nowMs: number): string {
  const holdsUntilAt = toInstant(nowMs + holdMs(state));
  Object.assign(state.ladder, { acknowledgedBy: subject, acknowledgedAt: toInstant(nowMs), ackHoldsUntilAt: holdsUntilAt });
  return holdsUntilAt;
}

/** Something moved: a task was answered, a step ended, a containment changed. */
export function moved(state: IncidentState, nowMs: number): void {
  state.ladder.lastMoveAt = toInstant(nowMs);
}

function climbs({ phase, closing, tasks, ladder, followUpOf }: IncidentState): boolean {
  // What may take a month wakes nobody: its clocks warn the owners.
  if (followUpOf !== undefined || closing !== undefined || phase === 'closed') return false;
  // While holding, only an open question is worth waking somebody for.
  return phase !== 'holding' || (ladder.acknowledgedAt === undefined && tasks.some((task) => task.closedAt === undefined));
}

function page(state: IncidentState, nowMs: number): LadderEvent | undefined {
  const { ladder } = state;
  const rungs = state.pin?.ladder.rungs ?? [];
  const rung = rungs[ladder.nextRung];
  if (rung === undefined) return undefined;
  const next = rungs[ladder.nextRung + 1];
  const event: LadderEvent = { do: 'page', team: rung.team, rung: ladder.nextRung };
  ladder.pages.push({ at: toInstant(nowMs), team: rung.team, why: ladder.nextRung === 0 ? 'first on call' : 'nobody acknowledged' });
  const dueMs = toMs(ladder.nextAt ?? toInstant(nowMs));
  ladder.nextRung += 1;
  if (next === undefined) delete ladder.nextAt;
  // From the due time, not from now: waits count from receipt however late this page went out.
  else ladder.nextAt = toInstant(dueMs + (next.afterMinutes - rung.afterMinutes) * MINUTE_MS);
  return event;
}

/** An acknowledgement lapses when nothing moved under it: the rung that gave it is paged again, then the next ones. */
function endOfHold(state: IncidentState, nowMs: number): LadderEvent {
  const { ladder } = state;
  const waiting = state.tasks.some((task) => task.closedAt === undefined);
  const heldMs = toMs(ladder.lastMoveAt) + holdMs(state);
  if (heldMs > nowMs || !waiting) {
    ladder.ackHoldsUntilAt = toInstant(Math.max(heldMs, nowMs + holdMs(state)));
    return { do: 'hold' };
  }
  delete ladder.acknowledgedBy;
  delete ladder.acknowledgedAt;
  delete ladder.ackHoldsUntilAt;
  ladder.nextRung = Math.max(0, ladder.nextRung - 1);
  ladder.nextAt = toInstant(nowMs);
  return { do: 'rearm' };
}

function holdMs(state: IncidentState): number {
  const rungs = state.pin?.ladder.rungs ?? [];
  const rung = rungs[Math.max(0, Math.min(state.ladder.nextRung, rungs.length) - 1)];
  return (rung?.ackHoldsMinutes ?? 30) * MINUTE_MS;
}
