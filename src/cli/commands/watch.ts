import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import type { IncidentListRow } from '../../contracts/api.js';
import type { IncidentState } from '../../contracts/incident.js';
import { recordOf } from '../../domain/record/record.js';
import { answersOf } from '../../report/answers.js';
import { command } from '../command.js';
import { apiOf } from '../api-client.js';
import type { CliContext, Session } from '../context.js';
import { readIncident } from '../../incidents/acting.js';
import { findIncident } from '../../incidents/find-incident.js';
import { listIncidents } from '../../incidents/list-incidents.js';
import { follow, type Frame } from '../follow.js';
import { listIncidentsOf, stateOf } from '../gateway.js';
import { incidentLines } from '../incident-view.js';
import { terminalText } from '../terminal-text.js';
import { incidentTable } from './list.js';

/** A look costs one query; a person sees a second as at once. */
const LOOK_EVERY_MS = 1_000;
const JOURNAL_LINES = 12;
const MINUTE_MS = 60_000;

/** Follows one incident, or the list of open ones, in the terminal. */
export function watchCommand(context: CliContext): Command {
  return command(
    'watch',
    'follow an open incident, or the list of open ones, until it closes or Ctrl-C',
    'tourniquet watch INC-20260301-7K2M9QXD',
  )
    .argument('[incident]', 'INC-… or workflow id; without it the list of open incidents')
    .option('--once', 'print it once and end')
    .action((incident: string | undefined, { once }: { once?: boolean }) =>
      withReaders(context, incident, (read) => play(context, read, once)),
    );
}

type Read = () => Promise<Frame>;

async function play(context: CliContext, read: Read, once: boolean | undefined): Promise<void> {
  if (once === true) {
    for (const line of (await read()).lines) context.output.line(line);
    return;
  }
  const { signal, done } = untilStopped();
  const stopped = aborted(signal);
  try {
    await follow({
      read: () => Promise.race([read(), stopped]),
      draw: (lines) => draw(context, lines),
      pause: () => pause(signal),
    });
  } finally {
    done();
  }
}

/** What is watched, through the API where TOURNIQUET_URL is set, else through one connection to Temporal. */
async function withReaders(context: CliContext, incident: string | undefined, work: (read: Read) => Promise<void>): Promise<void> {
  if (apiOf(context) !== undefined)
    return work(
      incident === undefined
        ? listReader(context, () => listIncidentsOf(context, 'open'))
        : incidentReader(context, () => stateOf(context, incident)),
    );
  return context.withTemporal(async (session) => {
    if (incident === undefined) return work(listReader(context, () => listIncidents(session.client, 'open')));
    return work(incidentReader(context, await stateReader(session, incident)));
  });
}

function listReader(context: CliContext, list: () => Promise<IncidentListRow[]>): Read {
  return async () => ({ lines: incidentTable(await list(), context.now()), isOver: false });
}

/** Looked up by its id once: the search is behind, the workflow is not. */
async function stateReader(session: Session, name: string): Promise<() => Promise<IncidentState>> {
  const { workflowId } = await findIncident(session, name);
  return () => readIncident(session, workflowId);
}

function incidentReader(context: CliContext, look: () => Promise<IncidentState>): Read {
  let watched: string | undefined;
  return async () => {
    const state = await look();
    watched ??= state.incidentId;
    // The same principal in trouble again: another incident under the same workflow id.
    if (state.incidentId !== watched)
      return { lines: [terminalText(`${watched} has closed; ${state.incidentId} is open now`)], isOver: true };
    return { lines: watchLines(state, context.now()), isOver: state.phase === 'closed' };
  };
}

/** The three answers first: on a small screen the rest is cut. */
export function watchLines(state: IncidentState, now: Date): string[] {
  // To the minute: seconds that count down would make every look a change.
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  const answers = answersOf(recordOf(state, { older: [], recordedAt: minute.toISOString() }));
  const told = answers.flatMap(({ question, value, details }) => [`${question} ${value}`, ...details.map((detail) => `  ${detail}`)]);
  const [head = '', ...rest] = incidentLines(state, minute, JOURNAL_LINES);
  return [head, ...told.map(terminalText), ...rest];
}

interface Stopping {
  readonly signal: AbortSignal;
  readonly done: () => void;
}

/** Ctrl-C ends the watch in order, even while an answer is waited for. */
function untilStopped(): Stopping {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const done = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  return { signal: controller.signal, done };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}

/** False when it was stopped meanwhile. */
async function pause(signal: AbortSignal): Promise<boolean> {
  await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

/** On a terminal over what was there, line by line, so that nothing flickers; elsewhere one after the other. */
function draw({ output }: CliContext, lines: readonly string[]): void {
  if (!process.stdout.isTTY) {
    for (const line of [...lines, '']) output.line(line);
    return;
  }
  const { rows, columns } = process.stdout;
  const room = rows - 2;
  const fitting = lines.length <= room ? lines : [...lines.slice(0, room), `… ${lines.length - room} more lines: tourniquet show`];
  // Lines that wrap would push the rest out of the screen.
  const cut = fitting.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
  process.stdout.write(`\u001b[H${cut.map((line) => `${line}\u001b[K`).join('\n')}\n\u001b[J`);
}
