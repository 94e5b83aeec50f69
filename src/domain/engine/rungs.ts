import type { Clock, IncidentState } from '../../contracts/incident.js';
import type { PlaybookStep } from '../../contracts/playbook.js';
import { BREACH_RUNG, deadlineMs, nextRung } from './clocks.js';
import { blockerOf, heldBy } from './dag.js';
import { type Message, markTold, teamTitle, toldWithin } from './notices.js';
import { clockTime, DAY_MS, MINUTE_MS, toInstant, toMs } from './time.js';

/** Rungs of one team this close together are one message (design 6). */
const TOGETHER_MS = 5 * MINUTE_MS;
/** A half-way rung is no message of its own to a team that heard of us this recently. */
const RECENT_MS = 30 * MINUTE_MS;

/** A breach is an event of its own; `message` is absent when the team already knows. */
export interface Breach {
  readonly stepId: string;
  readonly team: string;
  readonly title: string;
  readonly at: string;
  readonly message?: Message;
}

/** What the rungs passed at one moment lead to. */
export interface Tidings {
  readonly messages: Message[];
  readonly breaches: Breach[];
  readonly journal: string[];
}

interface Passed {
  readonly clock: Clock;
  readonly rung: number;
  readonly at: string;
  readonly blocker: PlaybookStep | undefined;
}

/**
 * Handles every rung that is due, and says who must hear of it.
 *
 * Rungs of one clock that pass together (at opening, after an outage) count as the highest of them. See
 * `rungs.decision-log.md` for who is told of the clocks of blocked steps.
 */
export function passRungs(state: IncidentState, nowMs: number): Tidings {
  const passed = state.clocks.flatMap((clock) => passOf(state, clock, nowMs));
  const tidings: Tidings = { messages: [], breaches: [], journal: [] };
  for (const one of passed) {
    tidings.journal.push(describe(state, one));
    if (one.blocker === undefined) tellOwner(state, one, { tidings, nowMs });
    else tellBlocker(state, { ...one, blocker: one.blocker }, { tidings, nowMs });
  }
  return tidings;
}

function passOf(state: IncidentState, clock: Clock, nowMs: number): Passed[] {
  let last: Passed | undefined;
  for (let next = nextRung(clock); next !== undefined && next.atMs <= nowMs; next = nextRung(clock)) {
    last = { clock, rung: next.rung, at: toInstant(next.atMs), blocker: blockerOf(state, clock.stepId) };
    clock.rungsDone = next.rung + 1;
    if (next.rung === BREACH_RUNG) clock.breachedAt = last.at;
  }
  return last === undefined ? [] : [last];
}

interface Telling {
  readonly tidings: Tidings;
  readonly nowMs: number;
}

function tellOwner(state: IncidentState, passed: Passed, { tidings, nowMs }: Telling): void {
  const { clock, rung } = passed;
  const { team } = clock;
  if (rung === 0 && toldWithin(state, team, { spanMs: RECENT_MS, nowMs })) return;
  const title =
    rung === BREACH_RUNG
      ? `${clock.title}: breached at ${clockTime(passed.at, toInstant(nowMs))}`
      : `${clock.title}: due at ${dueTime(clock, nowMs)}`;
  const lines = [...waitingLines(state, clock.stepId, nowMs), ...soonLines(state, clock, nowMs)];
  const message: Message = { team, kind: rung === BREACH_RUNG ? 'breach' : 'warning', title, lines };
  const known = rung === BREACH_RUNG && clock.announced === true;
  if (!known) markTold(state, team, nowMs);
  if (rung === BREACH_RUNG) tidings.breaches.push({ stepId: clock.stepId, team, title, at: passed.at, ...(known ? {} : { message }) });
  else tidings.messages.push(message);
}

/** A step that waits burns its blocker's time: the blocker's owner hears of it, the step's own owner once. */
function tellBlocker(state: IncidentState, passed: Passed & { blocker: PlaybookStep }, { tidings, nowMs }: Telling): void {
  const { clock, rung, blocker } = passed;
  const label = `${clock.stepId} · waits for ${blocker.id}`;
  tellWaitingOwner(state, passed, { tidings, nowMs });
  const heldTold = state.heldToldAt?.[blocker.owner];
  const known = heldTold !== undefined && nowMs - toMs(heldTold) < DAY_MS;
  const message: Message = {
    team: blocker.owner,
    kind: 'warning',
    title: `${label}: due at ${dueTime(clock, nowMs)}`,
    lines: waitingLines(state, blocker.id, nowMs),
  };
  if (rung === BREACH_RUNG) {
    const told: Message = { ...message, kind: 'breach', title: `${label}: breached at ${clockTime(passed.at, toInstant(nowMs))}` };
    tidings.breaches.push({
      stepId: clock.stepId,
      team: blocker.owner,
      title: told.title,
      at: passed.at,
      ...(known ? {} : { message: told }),
    });
  } else if (!known) tidings.messages.push(message);
  if (!known) markTold(state, blocker.owner, nowMs);
}

function tellWaitingOwner(state: IncidentState, { clock, blocker }: Passed & { blocker: PlaybookStep }, { tidings, nowMs }: Telling): void {
  const key = `${clock.team}|${blocker.id}`;
  if (clock.team === blocker.owner || state.blockedTold?.includes(key) === true) return;
  state.blockedTold = [...(state.blockedTold ?? []), key];
  const mine = heldBy(state, blocker.id).filter(({ owner }) => owner === clock.team);
  const title = `Waits for ${blocker.title} (${teamTitle(state, blocker.owner)}): ${mine.map((step) => step.title).join(', ')}`;
  tidings.messages.push({ team: clock.team, kind: 'news', title, lines: ['You are told once; this page says when it is your turn.'] });
  markTold(state, clock.team, nowMs);
}

/** `waits for it: Contain …, due at …`: said with each warning of the blocker, so no message per held clock is needed. */
function waitingLines(state: IncidentState, blockerId: string, nowMs: number): string[] {
  const held = heldBy(state, blockerId);
  const owner = state.clocks.find(({ stepId }) => stepId === blockerId)?.team;
  if (held.length === 0 || owner === undefined) return [];
  state.heldToldAt = { ...state.heldToldAt, [owner]: toInstant(nowMs) };
  return held.map((step) => {
    const clock = state.clocks.find(({ stepId }) => stepId === step.id);
    return `waits for it: ${step.title}${clock === undefined ? '' : `, due at ${dueTime(clock, nowMs)}`}`;
  });
}

/** Other rungs of the same team within five minutes: warnings are passed now, a breach keeps its moment. */
function soonLines(state: IncidentState, told: Clock, nowMs: number): string[] {
  return state.clocks.flatMap((clock) => {
    const next = clock === told || clock.team !== told.team || blockerOf(state, clock.stepId) !== undefined ? undefined : nextRung(clock);
    if (next === undefined || next.atMs > nowMs + TOGETHER_MS) return [];
    if (next.rung === BREACH_RUNG) clock.announced = true;
    else clock.rungsDone = next.rung + 1;
    return [`${clock.title}: due at ${dueTime(clock, nowMs)}`];
  });
}

function describe(state: IncidentState, { clock, rung, at, blocker }: Passed): string {
  const share = rung === BREACH_RUNG ? 'breached' : rung === 1 ? 'due soon' : 'half of its time is gone';
  const waits = blocker === undefined ? '' : ` · waits for ${blocker.id} (${teamTitle(state, blocker.owner)})`;
  return `${clock.stepId}: ${share} at ${clockTime(at, at)}${waits}`;
}

function dueTime(clock: Clock, nowMs: number): string {
  const due = deadlineMs(clock);
  return due === undefined ? 'no time yet' : clockTime(toInstant(due), toInstant(nowMs));
}
