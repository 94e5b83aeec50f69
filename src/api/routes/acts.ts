import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AcknowledgeBody, DecideBody, NoteBody, PauseBody, RequestBody, ResumeBody } from '../../contracts/api.js';
import { ActResult } from '../../contracts/task.js';
import { answerTask, sendAct, type ActBody, type ActingDeps } from '../../incidents/acting.js';
import { Refusal } from '../../incidents/refusal.js';
import type { ApiDeps } from '../api-deps.js';
import { may, type Caller } from '../auth/roles.js';
import { askTemporal, callerOf, type RouteDeps } from './route-deps.js';
import { answer, jsonSchema, parseInput, withProblems } from './schemas.js';

/** A workflow id may hold slashes: it is one part of the address, percent-encoded. */
export const IncidentParams = z.strictObject({ id: z.string().regex(/^[\w./:=+,@-]{1,255}$/, 'expected INC-… or a workflow id') });
/** An update waits for a worker: without one for 20 s. */
const ACT_WITHIN_MS = 30_000;

interface Verb<S extends z.ZodType> {
  readonly verb: string;
  readonly summary: string;
  readonly body: S;
  readonly act: (body: z.output<S>, to: { deps: RouteDeps; id: string; caller: Caller }) => Promise<ActResult>;
}

/** What people do to an incident. Who does it comes from the token. */
export function actRoutes(app: FastifyInstance, deps: RouteDeps): void {
  addVerb(app, deps, { verb: 'decide', summary: 'Answer a task; signed where it needs a signature', body: DecideBody, act: decide });
  addVerb(app, deps, {
    verb: 'acknowledge',
    summary: 'Say that somebody is on it: the ladder holds for a while',
    body: AcknowledgeBody,
    act: ({ actId }, to) => send(to, { act: 'acknowledge' }, actId),
  });
  addVerb(app, deps, {
    verb: 'notes',
    summary: 'Add a line to the journal',
    body: NoteBody,
    act: ({ text, actId }, to) => send(to, { act: 'note', text }, actId),
  });
  addVerb(app, deps, {
    verb: 'pause',
    summary: 'Pause a clock for a bounded time',
    body: PauseBody,
    act: ({ clock, untilAt, reason, actId }, to) => send(to, { act: 'pause', clockId: clock, untilAt, reason }, actId),
  });
  addVerb(app, deps, {
    verb: 'resume',
    summary: 'Let a paused clock run on',
    body: ResumeBody,
    act: ({ clock, actId }, to) => send(to, { act: 'resume', clockId: clock }, actId),
  });
  addVerb(app, deps, {
    verb: 'request',
    summary: 'Ask for an undo, for closing, for another principal, or say that it was (not) you',
    body: RequestBody,
    act: ({ what, target, reason, actId }, to) => send(to, { act: 'request', what, target, reason }, actId),
  });
}

function addVerb<S extends z.ZodType>(app: FastifyInstance, deps: RouteDeps, verb: Verb<S>): void {
  app.post(
    `/v1/incidents/:id/${verb.verb}`,
    {
      config: { permission: 'act' },
      schema: {
        operationId: verb.verb,
        summary: verb.summary,
        tags: ['incidents'],
        params: jsonSchema(IncidentParams),
        body: jsonSchema(verb.body),
        response: withProblems(
          { 200: answer('Accepted.', ActResult), 409: answer('Refused; nothing has changed.', ActResult) },
          [400, 401, 403, 404, 413, 503],
        ),
      },
    },
    async (request: FastifyRequest, reply: FastifyReply) => {
      const { id } = parseInput(IncidentParams, request.params, 'address');
      const body = parseInput(verb.body, request.body ?? {}, 'body');
      const result = await askTemporal(deps.api, () => verb.act(body, { deps, id, caller: callerOf(request) }), ACT_WITHIN_MS);
      return reply.code(result.accepted ? 200 : 409).send(result.accepted ? result : { ...result, error: result.message });
    },
  );
}

type To = { readonly deps: RouteDeps; readonly id: string; readonly caller: Caller };

function decide({ task, choice, reason, team, actId }: z.output<typeof DecideBody>, { deps, id, caller }: To): Promise<ActResult> {
  return answerTask(actingDepsFor(deps.api, caller), {
    incident: id,
    taskOrStep: task,
    choice,
    reason,
    team,
    actId: actId ?? randomUUID(),
    subject: caller.subject,
    issuer: caller.issuer,
    teams: caller.teams,
  });
}

function send({ deps, id, caller }: To, body: ActBody, actId: string | undefined): Promise<ActResult> {
  return sendAct(deps.api.session, { incident: id, subject: caller.subject, actId }, body);
}

/** The signed record is made here, for callers who may sign. */
function actingDepsFor({ session, authority, policies, now }: ApiDeps, caller: Caller): ActingDeps {
  const refuse = (): Promise<never> =>
    Promise.reject(new Refusal('forbidden', `${caller.subject} may not sign: role approver or admin is needed`));
  return {
    session,
    people: policies.people,
    rails: policies.rails,
    now,
    authority: may(caller, 'sign') ? authority : { signConsent: refuse },
  };
}
