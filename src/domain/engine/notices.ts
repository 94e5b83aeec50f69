import type { IncidentState } from '../../contracts/incident.js';
import type { Notification } from '../../contracts/notify.js';
import { toInstant, toMs } from './time.js';

/** Something a team should hear. Messages of one moment for one team are sent as one. */
export interface Message {
  readonly team: string;
  readonly kind: Notification['kind'];
  readonly title: string;
  readonly lines: readonly string[];
}

/** Most urgent first: the kind a merged message goes out as. */
const URGENCY: readonly Notification['kind'][] = ['page', 'breach', 'warning', 'task', 'news'];

/** One message per team: the title of the most urgent, then what the others say. */
export function mergeMessages(messages: readonly Message[]): Message[] {
  const teams = [...new Set(messages.map(({ team }) => team))];
  return teams.map((team) => {
    const sorted = messages
      .filter((message) => message.team === team)
      .toSorted((a, b) => URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind));
    const [first, ...others] = sorted;
    if (first === undefined) throw new Error(`no message for ${team}`);
    const lines = [...first.lines, ...others.flatMap(({ title, lines: more }) => [title, ...more])];
    return { ...first, lines: [...new Set(lines)] };
  });
}

/** The message as it goes to the activity. Its id is new once and the same in every retry. */
export function notificationOf(state: IncidentState, message: Message, nowMs: number): Notification {
  state.notices = (state.notices ?? 0) + 1;
  const { team, kind, title, lines } = message;
  return {
    notificationId: `${state.incidentId}/N${state.notices}`,
    incidentId: state.incidentId,
    team,
    kind,
    title,
    lines: [...lines],
    at: toInstant(nowMs),
  };
}

/** Remembers that a team hears something now. */
export function markTold(state: IncidentState, team: string, nowMs: number): void {
  state.toldAt = { ...state.toldAt, [team]: toInstant(nowMs) };
}

/** True when the team heard anything in the last `spanMs`. */
export function toldWithin(state: IncidentState, team: string, { spanMs, nowMs }: { spanMs: number; nowMs: number }): boolean {
  const at = state.toldAt?.[team];
  return at !== undefined && nowMs - toMs(at) <= spanMs;
}

/** Title of a team as the pinned `teams.yaml` has it. */
export function teamTitle(state: IncidentState, team: string): string {
  return state.pin?.teamTitles[team] ?? team;
}

/** Who is asked when no step owns the question: the first rung of the ladder. */
export function firstTeam(state: IncidentState): string {
  return state.pin?.ladder.rungs[0]?.team ?? 'unknown';
}
