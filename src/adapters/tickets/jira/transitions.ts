import { z } from 'zod';
import { permanent } from '../../../contracts/failures.js';
import { TicketStatus } from '../../../contracts/ticket.js';
import { plainText } from '../../../domain/engine/plain-text.js';
import { issueKey, type JiraClient } from './client.js';
import { intentOf, intentProperty, setProperty } from './create-once.js';
import { Anything, Issue, Transitions, type Transition } from './replies.js';

/**
 * Status categories that show a standing; the first is where we would go. Jira's workflows differ in every name, but each
 * status is in one of these categories (support.atlassian.com, "What are issue statuses"). An `open` ticket that a person
 * has begun to work on stays where it is.
 */
const CATEGORIES: Readonly<Record<TicketStatus, readonly string[]>> = {
  open: ['new', 'indeterminate'],
  inProgress: ['indeterminate'],
  closed: ['done'],
};
/** A workflow may need an intermediate status; more than this is a circle. */
const MOST_STEPS = 4;

const INTENT = intentProperty('transition');

const Allowed = z.object({ id: z.string(), name: z.string().default('') });

/**
 * Moves an issue to a status of the wanted category, over intermediate ones where its workflow has no direct way.
 * Reads where the issue stands before each step, so a repeat and a lost answer change nothing. An earlier move that was
 * begun and not seen to its end gets time first: it might land later and undo this one.
 *
 * @throws TicketRejected, permanent: the workflow has no such way, or a transition wants a field that we cannot know.
 */
export async function moveTo(client: JiraClient, key: string, status: TicketStatus): Promise<void> {
  const wanted = CATEGORIES[status];
  const { category: start, begun } = await standingOf(client, key);
  if (begun !== undefined && !CATEGORIES[begun].includes(start)) await client.sleep(client.lateMs);
  else if (wanted.includes(start)) return;
  if (begun !== status) await setProperty(client, { issueKey: issueKey(key), property: INTENT, value: { id: status } });
  const passed = new Set<string>();
  for (let step = 0; step <= MOST_STEPS; step += 1) {
    const { category } = await standingOf(client, key);
    if (wanted.includes(category)) return;
    passed.add(category);
    if (step < MOST_STEPS) await take(client, key, await nextTransition(client, { key, wanted, passed, status }));
  }
  throw permanent('TicketRejected', `Jira, transition ${key}: the workflow leads in a circle on the way to ${status}`);
}

/** Where an issue stands, and the status that the last move was to lead to. */
async function standingOf({ api, read }: JiraClient, key: string): Promise<{ category: string; begun: TicketStatus | undefined }> {
  const call = { what: `read ${key}`, right: 'BROWSE_PROJECTS' };
  const issue = await read(call, api.findIssue(issueKey(key), undefined, 'status', INTENT), Issue);
  const category = issue.fields?.status?.statusCategory.key;
  if (category === undefined) throw permanent('TicketRejected', `Jira, read ${key}: the status is hidden from the account`);
  return { category, begun: TicketStatus.safeParse(intentOf(issue, INTENT)).data };
}

async function nextTransition(
  { api, read }: JiraClient,
  { key, wanted, passed, status }: { key: string; wanted: readonly string[]; passed: ReadonlySet<string>; status: TicketStatus },
): Promise<Transition> {
  const call = { what: `list transitions of ${key}`, right: 'TRANSITION_ISSUES' };
  const { transitions } = await read(call, api.listTransitions(issueKey(key)), Transitions);
  const leading = [
    ...wanted.flatMap((category) => transitions.filter(({ to }) => to.statusCategory.key === category)),
    ...transitions.filter(({ to }) => !passed.has(to.statusCategory.key) && !wanted.includes(to.statusCategory.key)),
  ];
  const usable = leading.find((one) => missingFields(one).length === 0);
  if (usable !== undefined) return usable;
  const names = transitions.map(({ name, ...one }) =>
    [name, ...missingFields({ name, ...one }).map((field) => `needs ${field}`)].join(' '),
  );
  const offered = names.length === 0 ? 'none: the account may lack TRANSITION_ISSUES' : plainText(names.join(', '), 300);
  throw permanent('TicketRejected', `Jira, transition ${key}: no way to ${status}; offered: ${offered}`);
}

async function take({ api, read }: JiraClient, key: string, transition: Transition): Promise<void> {
  const fields = resolutionFor(transition);
  const body = { transition: { id: transition.id }, ...(fields === undefined ? {} : { fields }) };
  await read({ what: `transition ${key}`, right: 'TRANSITION_ISSUES' }, api.transitionIssue(issueKey(key), body), Anything);
}

/** Required fields other than the resolution, which is the one that closing screens ask for. */
function missingFields({ fields }: Transition): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.required && !field.hasDefaultValue && name !== 'resolution' ? [name] : [],
  );
}

function resolutionFor({ fields }: Transition): { resolution: { id: string } } | undefined {
  const field = fields['resolution'];
  if (field === undefined || !field.required || field.hasDefaultValue) return undefined;
  const allowed = field.allowedValues.flatMap((value) => {
    const parsed = Allowed.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
  const chosen = allowed.find(({ name }) => /^(done|fixed|resolved)$/i.test(name)) ?? allowed[0];
  return chosen === undefined ? undefined : { resolution: { id: chosen.id } };
}
