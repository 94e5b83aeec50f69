import type { IncidentTicket, TicketRef } from '../../../contracts/ticket.js';
import { plainText } from '../../../domain/engine/plain-text.js';
import { adfDocument, bulletList, firstPortion, heading, linkList, type AdfBlock, type AdfDocument } from './adf.js';
import { issueKey, plainId, type JiraClient } from './client.js';
import { retire } from './duplicates.js';
import { CreatedIssue, OwnProperty } from './replies.js';
import { oldestFirst, OWN_PROPERTY, search } from './search.js';

/** Jira's bound of a summary. */
const SUMMARY_LIMIT = 255;

/**
 * One issue per incident. Its only way back is the search, which lags: before it is created, an empty search is given
 * time and repeated, on every attempt, because none can know of one before it. Needs CREATE_ISSUES.
 */
export async function ensureIssue(client: JiraClient, ticket: IncidentTicket): Promise<TicketRef> {
  const incidentId = plainId(ticket.incidentId);
  const there = await findIssue(client, incidentId);
  if (there !== undefined) return refOf(client, there);
  await client.sleep(client.settleMs);
  const late = await findIssue(client, incidentId);
  return refOf(client, late ?? (await createIssue(client, ticket)));
}

/** Found by label, recognised by property: anybody may set a label or clone an issue with it; clones have no properties. */
async function findIssue(client: JiraClient, incidentId: string): Promise<string | undefined> {
  const jql = `project = "${client.settings.project}" AND labels = "${incidentId}" ORDER BY created ASC`;
  const issues = await search(client, { jql, fields: 'status' });
  const own = oldestFirst(issues).filter(({ properties }) => {
    const property = OwnProperty.safeParse(properties?.[OWN_PROPERTY]);
    return property.success && property.data.incidentId === incidentId && property.data.kind === 'ticket';
  });
  const [first, ...copies] = own;
  for (const copy of copies) await retire(client, { key: issueKey(copy.key), of: first?.key ?? '', incidentId });
  return first?.key;
}

/** Label and property go with the create itself: there is no moment in which the issue exists and cannot be found. */
async function createIssue({ settings, api, read }: JiraClient, ticket: IncidentTicket): Promise<string> {
  const property: OwnProperty = { incidentId: ticket.incidentId, kind: 'ticket' };
  const fields = {
    project: { key: settings.project },
    issuetype: { name: settings.issueType },
    summary: plainText(`${ticket.severity} · ${ticket.title}`, SUMMARY_LIMIT),
    description: describe(ticket),
    labels: ['tourniquet', ticket.incidentId],
  };
  const request = api.addNewIssue({ fields, properties: [{ key: OWN_PROPERTY, value: property }] });
  return (await read({ what: `create issue in ${settings.project}`, right: 'CREATE_ISSUES' }, request, CreatedIssue)).key;
}

function refOf({ browse }: JiraClient, key: string): TicketRef {
  return { key: issueKey(key), url: browse(key) };
}

/** The description: classification of the playbook, what is known, who to call, where to look. */
function describe(ticket: IncidentTicket): AdfDocument {
  const section = (title: string, content: AdfBlock[]): AdfBlock[] => (content.length === 0 ? [] : [heading(title), ...content]);
  return adfDocument([
    ...section(
      'Classification',
      bulletList([
        `Reference: ${ticket.reference}`,
        `Incident: ${ticket.incidentId}`,
        `Severity: ${ticket.severity}`,
        `Categories: ${ticket.categories.join(', ')}`,
        `NIST CSF functions: ${ticket.nistCsf.join(', ')}`,
        `Detected: ${ticket.detectedAt}`,
        `Opened: ${ticket.openedAt}`,
      ]),
    ),
    ...section('What is known', bulletList(firstPortion(ticket.facts))),
    ...section('Contacts', bulletList(ticket.contacts.slice(0, 50))),
    ...section('Links', linkList(ticket.links.slice(0, 50))),
  ]);
}
