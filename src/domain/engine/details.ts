import type { IncidentState } from '../../contracts/incident.js';
import { waitingFor } from './attributes.js';
import { filesSection, principalsSection, stepsSection, tasksSection } from './details-sections.js';
import { code, text } from './markdown.js';
import { verdictText } from './outcomes.js';
import { openTasks } from './tasks.js';
import { nextDeadline } from './clocks.js';
import { dateTime } from './time.js';

/** What Temporal takes as current details (design 8), with room for the payload's own bytes. */
const LIMIT_BYTES = 19_500;
const JOURNAL_LINES = 10;
/** Rows per table, tried in order until the page fits. */
const ROW_LIMITS = [30, 15, 8, 4] as const;

/** The page a manager reads in Temporal UI: Markdown of at most 20,000 bytes, every foreign string encoded. */
export function detailsPage(state: IncidentState): string {
  for (const rows of ROW_LIMITS) {
    const page = render(state, rows);
    if (byteLength(page) <= LIMIT_BYTES) return page;
  }
  return cutToBytes(render(state, 2));
}

function render(state: IncidentState, rows: number): string {
  const sections = [
    headline(state),
    `### Steps\n\n${stepsSection(state, rows)}`,
    ...(state.followUpOf === undefined ? [`### Principals in scope\n\n${principalsSection(state, rows)}`] : []),
    `### Open tasks\n\n${tasksSection(state, rows)}`,
    `### Files\n\n${filesSection(state)}`,
    `### Last entries\n\n${journalLines(state)}`,
  ];
  return sections.join('\n\n');
}

function headline(state: IncidentState): string {
  const deadline = nextDeadline(state.clocks);
  const facts = [
    `**${text(state.severity)} · ${text(state.phase)}**`,
    `must act: **${text(waitingFor(state))}**`,
    deadline === undefined || state.phase === 'closed' ? '' : `next deadline ${dateTime(deadline)}`,
    state.ladder.acknowledgedBy === undefined ? 'not acknowledged' : `acknowledged by ${text(state.ladder.acknowledgedBy)}`,
    `${state.alerts.total} alert${state.alerts.total === 1 ? '' : 's'}`,
  ];
  const lines = [
    `## ${text(state.incidentId)}`,
    facts.filter((fact) => fact !== '').join(' · '),
    ...followUpLine(state),
    state.verdict === undefined ? 'Verdict: none yet' : `Verdict: ${text(verdictText(state.verdict))}`,
  ];
  if (state.closing !== undefined) lines.push(`Closed as **${state.closing.outcome}**: ${text(state.closing.reason)}`);
  if (state.pin !== undefined)
    lines.push(
      `Playbook ${code(`${state.pin.id} v${state.pin.version}`)} · waits ${code(`${state.pin.waits.id} v${state.pin.waits.version}`)} · acknowledge: ${code(`tourniquet ack ${state.incidentId}`)}`,
    );
  if (openTasks(state).length === 0 && state.phase !== 'closed') lines.push('No open task: Tourniquet goes on by itself.');
  return lines.join('\n\n');
}

function followUpLine({ followUpOf, review }: IncidentState): string[] {
  if (followUpOf === undefined) return [];
  return [`Follow-up of ${code(followUpOf)}${review === undefined ? '' : ` · review document ${code(review.path)}`}`];
}

function journalLines(state: IncidentState): string {
  const lines = state.journal.slice(-JOURNAL_LINES).toReversed();
  const older = state.journal.length - lines.length + state.journalArchived;
  return [
    ...lines.map((line) => `- ${dateTime(line.at)} · ${text(line.who, 60)} · ${text(line.text)}`),
    ...(older > 0 ? [`- and ${older} older`] : []),
  ].join('\n');
}

function byteLength(page: string): number {
  let bytes = 0;
  for (const character of page) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function cutToBytes(page: string): string {
  let cut = page;
  while (byteLength(cut) > LIMIT_BYTES) cut = cut.slice(0, Math.floor(cut.length * 0.9));
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n\n(cut: too long for this page)`;
}
