import { readIncident } from '../../../incidents/acting.js';
import type { Session } from '../../../cli/context.js';
import { containmentQuery } from '../../../contracts/messages.js';
import type { IncidentState } from '../../../contracts/incident.js';
import { createWatched, type Watched } from './watched.js';

/** Queries need a worker, and this one has a lot to do. */
const ANSWER_WITHIN_MS = 20_000;

/** Everything that Temporal knows of one cell: its incidents and their containments. */
export interface Incidents {
  readonly containments: ReadonlyMap<string, Watched>;
  /** What waits for a person, as of the last look. */
  readonly left: readonly string[];
  readonly crew: { readonly failures: readonly string[] };
  /** Is every principal in scope claimed, as of the last look? */
  readonly areClaimed: () => boolean;
  /** Looks once, and shows each open incident. */
  readonly look: (show: (state: IncidentState) => void) => Promise<void>;
}

/** Reads through the client alone, as the CLI does. */
export function createIncidents(session: Session): Incidents {
  const containments = new Map<string, Watched>();
  const failures: string[] = [];
  let left: readonly string[] = [];
  let claimed = false;

  async function lookAt(containmentId: string): Promise<void> {
    const handle = session.client.workflow.getHandle(containmentId);
    const state = await session.connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => handle.query(containmentQuery));
    const known = containments.get(containmentId);
    if (known === undefined) containments.set(containmentId, createWatched(state));
    else known.take(state);
  }

  async function look(show: (state: IncidentState) => void): Promise<void> {
    const open: IncidentState[] = [];
    for (const name of await openIncidents(session)) open.push(await readIncident(session, name));
    for (const state of open) show(state);
    for (const containmentId of new Set(open.flatMap(({ scope }) => Object.keys(scope)))) await lookAt(containmentId);
    claimed = open.every(({ principals, scope }) => principals.length <= Object.keys(scope).length);
    left = open.flatMap(({ tasks }) => tasks.filter(({ closedAt }) => closedAt === undefined).map(({ title }) => `open: ${title}`));
  }

  return {
    containments,
    get left() {
      return left;
    },
    crew: { failures },
    areClaimed: () => claimed,
    look: (show) => look(show).catch((error: unknown) => void failures.push(String(error))),
  };
}

/** Workflow ids, oldest first. */
async function openIncidents({ client }: Session): Promise<string[]> {
  const found: { workflowId: string; startTime: Date }[] = [];
  const query = `WorkflowType = 'incidentResponse' AND ExecutionStatus = 'Running'`;
  for await (const one of client.workflow.list({ query })) found.push(one);
  return found.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime()).map(({ workflowId }) => workflowId);
}
