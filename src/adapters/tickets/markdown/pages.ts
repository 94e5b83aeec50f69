import type { IncidentTicket, SubTask, TicketStatus } from '../../../contracts/ticket.js';
import { code, text } from '../../../domain/engine/markdown.js';
import { BOX } from './tick.js';

const LINE_LIMIT = 1_000;
const STATUS: Readonly<Record<TicketStatus, string>> = { open: 'open', inProgress: 'in progress', closed: 'closed' };
/** In the head, before any foreign text, so the first match is ours. */
const STATUS_LINE = /^- Status: .*$/m;

/** The ticket as it is created. */
export function ticketPage(ticket: IncidentTicket): string {
  return `${[
    `# ${text(`${ticket.severity} · ${ticket.title}`, LINE_LIMIT)}`,
    '',
    `- Status: ${STATUS.open}`,
    `- Reference: ${code(ticket.reference)}`,
    `- Incident: ${code(ticket.incidentId)}`,
    `- Severity: ${ticket.severity}`,
    `- Categories: ${line(ticket.categories.join(', '))}`,
    `- NIST CSF functions: ${line(ticket.nistCsf.join(', '))}`,
    `- Detected: ${ticket.detectedAt}`,
    `- Opened: ${ticket.openedAt}`,
    ...section('What is known', ticket.facts.map(line)),
    ...section('Contacts', ticket.contacts.map(line)),
    ...section(
      'Links',
      ticket.links.map(({ title, url }) => link(title, url)),
    ),
    '',
    '## Tasks and history',
    '',
    'Each task that waits for a person is a file beside this one; ticking its box completes it. Consents are not given here.',
  ].join('\n')}\n`;
}

/** A sub-task with the box that completes it. */
export function subTaskPage({ taskId, title, owner, dueAt, lookAt }: SubTask): string {
  return `${[
    `# ${text(`${taskId} · ${title}`, LINE_LIMIT)}`,
    '',
    BOX,
    '',
    `- Owner: ${line(owner)}`,
    ...(dueAt === undefined ? [] : [`- Due: ${dueAt}`]),
    ...section('What to look at', lookAt.map(line)),
  ].join('\n')}\n`;
}

/** One update of the history, with the mark by which it is known again. */
export function commentBlock({ commentId, at, lines }: { commentId: string; at: string; lines: readonly string[] }): string {
  return ['', `### ${text(at)}`, '', ...lines.map((one) => `- ${line(one)}`), '', markOf(commentId), ''].join('\n');
}

export function hasComment(page: string, commentId: string): boolean {
  return page.split(/\r?\n/).includes(markOf(commentId));
}

export function withStatus(page: string, status: TicketStatus): string {
  return page.replace(STATUS_LINE, `- Status: ${STATUS[status]}`);
}

/** An HTML comment: invisible to readers, and impossible in foreign text, whose `<` is encoded. */
function markOf(commentId: string): string {
  return `<!-- comment ${encodeURIComponent(commentId)} -->`;
}

function line(value: string): string {
  return text(value, LINE_LIMIT);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((one) => `- ${one}`)];
}

/** Links that open in a browser; anything else is shown as text. */
function link(title: string, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:', 'file:'].includes(parsed.protocol)) return line(`${title}: ${url}`);
  // A URL's own encoding leaves parentheses as they are; they would end the target.
  return `[${line(title)}](<${parsed.href.replaceAll('(', '%28').replaceAll(')', '%29')}>)`;
}
