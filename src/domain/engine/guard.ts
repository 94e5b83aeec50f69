import { assertNever } from '../../contracts/failures.js';
import type { GuardAnswer, GuardLimits, GuardRequest, GuardState } from '../../contracts/guard.js';
import { HOUR_MS, toInstant, toMs } from './time.js';

/** Containments an hour before people must confirm that this is no runaway; generous for an incident, small for a bug. */
const DEFAULT_LIMITS: GuardLimits = { perHour: 20, perAccountPerHour: 10 };
/** An intruder who fights back makes principals by the dozen; each is proven by events before anything is written. */
const DESCENT_FACTOR = 5;
const MAX_JOURNAL = 50;
const MAX_ACTS = 200;

/** Observe everywhere, not stopped. */
export function newGuardState(): GuardState {
  return { stopped: false, modes: {}, limits: DEFAULT_LIMITS, reservations: [], waiting: [], journal: [], seenActs: [] };
}

/** Applies one request to the state and says what now holds. A repeated act changes nothing. */
export function handleGuardRequest(state: GuardState, request: GuardRequest, nowMs: number): GuardAnswer {
  if ('actId' in request) {
    if (!state.seenActs.includes(request.actId)) {
      state.seenActs = [...state.seenActs, request.actId].slice(-MAX_ACTS);
      decide(state, request, nowMs);
    }
    return answer(state, { account: 'account' in request ? request.account : '', reserved: false, limitReached: false });
  }
  return gate(state, request, nowMs);
}

type Gate = Extract<GuardRequest, { do: 'ask' | 'reserve' }>;
type Decision = Exclude<GuardRequest, Gate>;

function gate(state: GuardState, { do: kind, account, containmentId, descent = false }: Gate, nowMs: number): GuardAnswer {
  state.reservations = state.reservations.filter((row) => nowMs - toMs(row.at) < HOUR_MS);
  const mine = state.reservations.some((row) => row.containmentId === containmentId);
  const { perHour, perAccountPerHour } = state.limits;
  const factor = descent ? DESCENT_FACTOR : 1;
  const alike = state.reservations.filter((row) => (row.descent ?? false) === descent);
  const inAccount = alike.filter((row) => row.account === account).length;
  const limitReached = !mine && (alike.length >= perHour * factor || inAccount >= perAccountPerHour * factor);
  if (state.stopped && !state.waiting.includes(containmentId)) state.waiting.push(containmentId);
  const takes = kind === 'reserve' && !state.stopped && !limitReached;
  if (takes && !mine) state.reservations.push({ containmentId, account, at: toInstant(nowMs), ...(descent ? { descent } : {}) });
  return answer(state, { account, reserved: takes, limitReached });
}

function decide(state: GuardState, request: Decision, nowMs: number): void {
  const note = (line: string): void => {
    state.journal = [...state.journal, { at: toInstant(nowMs), line }].slice(-MAX_JOURNAL);
  };
  switch (request.do) {
    case 'stop':
      state.stopped = true;
      state.stopReason = request.reason;
      return note(`${request.subject} stopped every write: ${request.reason}`);
    case 'go':
      state.stopped = false;
      delete state.stopReason;
      return note(`${request.subject} lifted the stop`);
    case 'mode':
      state.modes[request.account] = request.mode;
      return note(`${request.subject} set account ${request.account} to ${request.mode}`);
    case 'limits':
      state.limits = request.limits;
      return note(
        `${request.subject} set the limits to ${request.limits.perHour} an hour, ${request.limits.perAccountPerHour} per account`,
      );
    default:
      return assertNever(request);
  }
}

function answer(
  state: GuardState,
  { account, reserved, limitReached }: { account: string; reserved: boolean; limitReached: boolean },
): GuardAnswer {
  const mode = state.modes[account] ?? 'observe';
  const { perHour, perAccountPerHour } = state.limits;
  const detail = state.stopped
    ? `stopped: ${state.stopReason ?? 'no reason given'}`
    : limitReached
      ? `limit reached: ${perHour} containments an hour, ${perAccountPerHour} per account`
      : `mode ${mode}`;
  return {
    mode,
    stopped: state.stopped,
    ...(state.stopReason === undefined ? {} : { stopReason: state.stopReason }),
    limitReached,
    reserved,
    detail,
  };
}
