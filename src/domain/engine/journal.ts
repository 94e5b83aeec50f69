import type { IncidentState, JournalLine } from '../../contracts/incident.js';
import { toInstant } from './time.js';

/** Lines kept in the state (design 7); older ones live in the record store. */
const KEPT_LINES = 200;
/** Above this the older half moves out in one go, so archiving is an activity per 80 lines, not per line. */
const ARCHIVE_ABOVE = 160;
const ARCHIVE_LINES = 80;
const LINE_LIMIT = 1000;

/** Adds a line. Longer ones are cut: the limit is the contract's. */
export function note(state: IncidentState, line: { nowMs: number; who: string; text: string }): void {
  const text = line.text.length > LINE_LIMIT ? `${line.text.slice(0, LINE_LIMIT - 1)}…` : line.text;
  state.journal.push({ at: toInstant(line.nowMs), who: line.who, text });
  if (state.journal.length > KEPT_LINES) state.journalArchived += state.journal.splice(0, state.journal.length - KEPT_LINES).length;
}

/** The oldest lines, when there are enough of them to be moved to the record store. */
export function linesToArchive(state: IncidentState): JournalLine[] {
  return state.journal.length > ARCHIVE_ABOVE ? state.journal.slice(0, ARCHIVE_LINES) : [];
}

/** Takes lines out of the state once the store has them. */
export function archived(state: IncidentState, lines: readonly JournalLine[]): void {
  const done = new Set(lines);
  state.journal = state.journal.filter((line) => !done.has(line));
  state.journalArchived += lines.length;
}
