import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { WorkflowType } from '../contracts/names.js';
import { Refusal } from './refusal.js';
import type { Session } from './session.js';

/** Workflows that hold tasks and take `act`. A follow-up has the id of its incident with an F. */
const TYPES: readonly WorkflowType[] = ['incidentResponse', 'followUp'];
const INCIDENT_ID = /^INC-\d{8}-[0-9A-Z]{4,16}(?:-F)?$/;
const WORKFLOW_ID = /^[\w./:=+,@-]{1,255}$/;

export interface FoundIncident {
  readonly handle: WorkflowHandle;
  readonly workflowId: string;
  readonly running: boolean;
}

/**
 * Finds an incident by its id `INC-…`, or its follow-up by `INC-…-F` (a search attribute, so a moment behind) or by workflow id.
 *
 * @throws Refusal with one line when there is none.
 */
export async function findIncident({ client }: Session, name: string): Promise<FoundIncident> {
  const workflowId = name.startsWith('INC-') ? await workflowIdOf(client, name) : name;
  if (!WORKFLOW_ID.test(workflowId)) throw new Refusal('badRequest', 'that is no incident id and no workflow id');
  const handle = client.workflow.getHandle(workflowId);
  const description = await handle.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) throw new Refusal('notFound', `no incident ${name}`);
    throw error;
  });
  if (!TYPES.some((type) => type === description.type)) throw new Refusal('notFound', `${name} is a ${description.type}, not an incident`);
  return { handle, workflowId, running: description.status.name === 'RUNNING' };
}

async function workflowIdOf(client: Session['client'], incidentId: string): Promise<string> {
  if (!INCIDENT_ID.test(incidentId)) throw new Refusal('badRequest', `${incidentId} is no incident id (INC-yyyymmdd-XXXXXXXX)`);
  const query = `WorkflowType IN (${TYPES.map((type) => `'${type}'`).join(', ')}) AND IncidentId = '${incidentId}'`;
  let closed: string | undefined;
  // A continued incident has several runs under one id; the running one is listed first.
  for await (const { workflowId, status } of client.workflow.list({ query })) {
    if (status.name === 'RUNNING') return workflowId;
    closed ??= workflowId;
  }
  if (closed === undefined) throw new Refusal('notFound', `no incident ${incidentId}`);
  return closed;
}
