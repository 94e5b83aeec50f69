import type { IncidentState, TicketProgress } from '../../contracts/incident.js';
import type { IncidentTicket, SubTask, TicketStatus, TicketUpdate } from '../../contracts/ticket.js';
import { deadlineMs } from './clocks.js';
import { teamTitle } from './notices.js';
import { verdictText } from './outcomes.js';
import { toInstant, toMs } from './time.js';

/** Journal lines of one comment: a ticket is read by people. */
const LINES_PER_COMMENT = 40;
/** News is gathered this long, so that a busy hour is some dozen updates. */
const UPDATE_GAP_MS = 60_000;
/** Sub-tasks done in the ticket system are noticed within this time. */
const LOOK_MS = 15 * 60_000;
/** A follow-up is open for a month: a look every quarter of an hour would be thousands of activities for nothing. */
const FOLLOW_UP_LOOK_MS = 4 * 60 * 60_000;
/** Tasks a ticket system need not know: answered within a minute of being asked. */
const BRIEF_MS = 60_000;

/** The ticket of an incident as it is created: classification, facts, contacts, links. */
export function ticketOf(state: IncidentState, page: { workflowId: string; runId: string; namespace: string }): IncidentTicket {
  const { pin } = state;
  const detectedAt = state.alerts.kept.map((alert) => alert.detectedAt).toSorted()[0] ?? state.clockStartAt;
  return {
    incidentId: state.incidentId,
    title: titleOf(state),
    severity: state.severity,
    categories: pin?.body.categories ?? [],
    nistCsf: pin?.body.nistCsf ?? [],
    reference: pin?.body.reference ?? '',
    openedAt: state.openedAt,
    detectedAt,
    facts: factsOf(state),
    contacts: contactsOf(state),
    links: linksOf(state, page),
  };
}

function titleOf(state: IncidentState): string {
  const who = state.principals.map(({ kind, name, account }) => `IAM ${kind} ${name} (${account})`).join(', ') || 'unresolved principal';
  return (state.followUpOf === undefined ? `Compromised credentials: ${who}` : `Follow-up of ${state.followUpOf}`).slice(0, 200);
}

function factsOf(state: IncidentState): string[] {
  const alerts = state.alerts.kept.map(({ source, type, title, alertId }) => `alert ${source} ${type} "${title}" (${alertId})`);
  const contained = Object.values(state.scope).map((view) => `containment of ${view.principal.name}: ${view.state}, ${view.headline}`);
  return [...(state.verdict === undefined ? [] : [`verdict ${verdictText(state.verdict)}`]), ...alerts, ...contained];
}

function contactsOf({ pin }: IncidentState): string[] {
  const fixed = ['AWS Support: https://console.aws.amazon.com/support/home'];
  const teams = Object.entries(pin?.teamContacts ?? {}).flatMap(([team, contacts]) =>
    contacts.length === 0 ? [] : [`${pin?.teamTitles[team] ?? team}: ${contacts.join(', ')}`],
  );
  return [...teams, ...fixed];
}

function linksOf(
  { pin, principals }: IncidentState,
  { workflowId, runId, namespace }: { workflowId: string; runId: string; namespace: string },
): IncidentTicket['links'] {
  const page =
    pin?.uiUrl === undefined
      ? []
      : [
          {
            title: 'Incident in Temporal UI',
            url: `${pin.uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}`,
          },
        ];
  const console = principals.map(({ kind, name }) => ({
    title: `${name} in the AWS console`,
    url: `https://console.aws.amazon.com/iam/home#/${kind}s/details/${encodeURIComponent(name)}`,
  }));
  return [...page, ...console];
}

/** What the ticket does not show yet; undefined when it shows everything. */
export function ticketUpdateOf(state: IncidentState): TicketUpdate | undefined {
  const { ticket } = state;
  if (ticket === undefined) return undefined;
  if (!isBehind(state, ticket)) return undefined;
  return {
    incidentId: state.incidentId,
    ticket: ticket.ref,
    status: statusOf(state),
    comments: commentsOf(state, ticket),
    subTasks: subTasksOf(state, ticket),
  };
}

/** When the ticket is to be updated next, or looked at for sub-tasks that people did there. */
export function ticketDueMs(state: IncidentState): number | undefined {
  const { ticket, closing } = state;
  if (ticket === undefined || closing !== undefined) return undefined;
  const last = toMs(ticket.updatedAt);
  if (isBehind(state, ticket)) return ticket.linesSent === 0 && ticket.trouble === undefined ? last : last + UPDATE_GAP_MS;
  const lookMs = state.followUpOf === undefined ? LOOK_MS : FOLLOW_UP_LOOK_MS;
  const asked = state.tasks.some(
    ({ taskId, kind, closedAt }) => closedAt === undefined && kind === 'manual' && ticket.subTasks[taskId] !== undefined,
  );
  return asked ? last + lookMs : undefined;
}

/** Whether there is something the ticket does not show yet. */
function isBehind(state: IncidentState, ticket: TicketProgress): boolean {
  return firstUnsent(state, ticket) < linesSoFar(state) || shownOf(state) !== ticket.shown;
}

/** Number of the first journal line that is still here and was not sent. */
function firstUnsent({ journalArchived }: IncidentState, { linesSent }: TicketProgress): number {
  return Math.max(linesSent, journalArchived);
}

/** How many journal lines there were ever. */
export function linesSoFar(state: IncidentState): number {
  return state.journalArchived + state.journal.length;
}

/** Phase and tasks in one text: differs when the ticket must hear of them. */
export function shownOf(state: IncidentState): string {
  const tasks = state.tasks.map(({ taskId, closedAt }) => `${taskId}${closedAt === undefined ? '' : '+'}`);
  return `${statusOf(state)} ${tasks.join(' ')}`;
}

/** What the ticket system should show. */
export function statusOf({ phase }: IncidentState): TicketStatus {
  if (phase === 'closed') return 'closed';
  return phase === 'triage' ? 'open' : 'inProgress';
}

/** Ids come from the lines' numbers, so the same lines are the same comment however often they are sent. */
function commentsOf(state: IncidentState, ticket: TicketProgress): TicketUpdate['comments'] {
  const first = firstUnsent(state, ticket);
  const gone = Math.max(0, state.journalArchived - ticket.linesSent);
  const lines = state.journal.slice(first - state.journalArchived);
  const comments: TicketUpdate['comments'] = [];
  for (let at = 0; at < lines.length; at += LINES_PER_COMMENT) {
    const part = lines.slice(at, at + LINES_PER_COMMENT);
    comments.push({
      commentId: `${state.incidentId}-L${first + at + 1}-${first + at + part.length}`,
      at: part[0]?.at ?? state.openedAt,
      lines: [
        ...(at === 0 && gone > 0 ? [`${gone} older lines are in the record of ${state.incidentId}`] : []),
        ...part.map((line) => `${line.at} ${line.who}: ${line.text}`),
      ],
    });
  }
  return comments;
}

function subTasksOf(state: IncidentState, { subTasks }: TicketProgress): SubTask[] {
  return state.tasks
    .filter(
      (task) => subTasks[task.taskId] !== undefined || task.closedAt === undefined || toMs(task.closedAt) - toMs(task.openedAt) > BRIEF_MS,
    )
    .map((task) => {
      const clock = state.clocks.find(({ stepId }) => stepId === task.stepId);
      const due = clock === undefined ? undefined : deadlineMs(clock);
      return {
        taskId: task.taskId,
        title: task.title,
        lookAt: task.lookAt,
        owner: teamTitle(state, task.team),
        ...(due === undefined ? {} : { dueAt: toInstant(due) }),
        ...(task.closedAt === undefined ? {} : { closed: task.outcome ?? 'answered' }),
      };
    });
}
