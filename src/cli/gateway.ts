import { z } from 'zod';
import { type IncidentListRow, ListAnswer, ProblemAnswer } from '../contracts/api.js';
import { IncidentState } from '../contracts/incident.js';
import { ActResult } from '../contracts/task.js';
import { answerTask, readIncident, sendAct, type ActBody } from '../incidents/acting.js';
import { listIncidents } from '../incidents/list-incidents.js';
import { apiOf, readAnswer, type ApiClient } from './api-client.js';
import { CliError, EXIT } from './cli-error.js';
import type { CliContext } from './context.js';
import { actingDeps, subjectOf } from './dependencies.js';

/*
 * One way for each thing a command asks for: through the API where TOURNIQUET_URL is set, else straight to Temporal.
 */

const RefusedAnswer = ProblemAnswer.extend({ actId: z.string().optional() });

/** An act of a person on an incident; `as` is the command's option. */
export interface Acting {
  readonly incident: string;
  readonly as: string | undefined;
}

/** Open or closed incidents, the most urgent first. */
export async function listIncidentsOf(context: CliContext, state: 'open' | 'closed'): Promise<IncidentListRow[]> {
  const api = apiOf(context);
  if (api === undefined) return context.withTemporal(({ client }) => listIncidents(client, state));
  return readAnswer(ListAnswer, await api.get(`/v1/incidents?state=${state}`)).incidents;
}

/** The state of an incident, also of a closed one. */
export async function stateOf(context: CliContext, incident: string): Promise<IncidentState> {
  const api = apiOf(context);
  if (api === undefined) return context.withTemporal((session) => readIncident(session, incident));
  return readAnswer(IncidentState, await api.get(incidentPath(incident)));
}

/** Answers a task, signed where it needs a signature: by the subject's key here, or by the API. */
export async function answerOf(
  context: CliContext,
  acting: Acting,
  answer: { taskOrStep: string; choice: string; reason: string; team: string | undefined },
): Promise<ActResult> {
  const api = apiOf(context);
  if (api === undefined) {
    const subject = subjectOf(context, acting.as);
    return context.withTemporal((session) => answerTask(actingDeps(context, session), { ...answer, incident: acting.incident, subject }));
  }
  const { taskOrStep: task, choice, reason, team } = answer;
  return post(api, acting, { verb: 'decide', body: { task, choice, reason, team } });
}

/** Sends any other act. */
export async function actOf(context: CliContext, acting: Acting, act: ActBody): Promise<ActResult> {
  const api = apiOf(context);
  if (api !== undefined) return post(api, acting, requestOf(act));
  const subject = subjectOf(context, acting.as);
  return context.withTemporal((session) => sendAct(session, { incident: acting.incident, subject }, act));
}

/** The address of an incident; a workflow id holds slashes. */
export function incidentPath(incident: string): string {
  return `/v1/incidents/${encodeURIComponent(incident)}`;
}

interface Posted {
  readonly verb: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(api: ApiClient, { incident, as }: Acting, { verb, body }: Posted): Promise<ActResult> {
  refuseAs(as);
  const answer = await api.post(`${incidentPath(incident)}/${verb}`, body);
  // What the incident refuses is the result of an act; what is refused on the way to it is an error.
  const problem = answer.status === 409 ? readAnswer(RefusedAnswer, answer) : undefined;
  if (problem !== undefined && problem.actId === undefined) throw new CliError(problem.error);
  return readAnswer(ActResult.strip(), answer);
}

/** @throws CliError: with the API the token says who acts. */
export function refuseAs(as: string | undefined): void {
  if (as !== undefined) throw new CliError('--as means nothing with TOURNIQUET_URL: TOURNIQUET_TOKEN says who acts', EXIT.usage);
}

function requestOf(act: ActBody): Posted {
  switch (act.act) {
    case 'decide':
      return { verb: 'decide', body: { task: act.taskId, choice: act.choice, reason: act.reason } };
    case 'acknowledge':
      return { verb: 'acknowledge', body: {} };
    case 'note':
      return { verb: 'notes', body: { text: act.text } };
    case 'pause':
      return { verb: 'pause', body: { clock: act.clockId, untilAt: act.untilAt, reason: act.reason } };
    case 'resume':
      return { verb: 'resume', body: { clock: act.clockId } };
    case 'request':
      return { verb: 'request', body: { what: act.what, target: act.target, reason: act.reason } };
    default:
      return act satisfies never;
  }
}
