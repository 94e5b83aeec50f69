import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SourceName } from '../contracts/callers.js';
import type { ApiDeps } from './api-deps.js';
import { createApiMetrics, type ApiMetrics } from './api-metrics.js';
import { authorize, createAuthenticate, type Authenticate } from './auth/people.js';
import { Problem, problemOf } from './problem.js';
import { actRoutes } from './routes/acts.js';
import { alertRoutes } from './routes/alerts.js';
import { incidentRoutes } from './routes/incidents.js';
import { operationRoutes } from './routes/operations.js';
import type { RouteDeps } from './routes/route-deps.js';

/** Four times what a source may deliver (256 KiB): room for what is kept as rejected. */
export const MAX_BODY_BYTES = 1_048_576;
/** A sender that takes longer to send its request is cut off. */
const REQUEST_WITHIN_MS = 30_000;
/** Longer than the longest wait for an outcome (90 s). */
const IDLE_SOCKET_MS = 120_000;

const SourceParams = z.object({ source: SourceName });

/** Sent with every answer. A page or a route may say more. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/**
 * The HTTP API. Not listening yet. Every request is answered with an id, logged without headers, query and body, and counted.
 * Closing it stops accepting and lets what is under way finish.
 */
export async function createApiServer(api: ApiDeps): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionTimeout: IDLE_SOCKET_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 1_024 },
    logger: false,
  });
  // Schemas are for the document: what comes in is read with zod, what goes out is ours.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  const metrics = createApiMetrics();
  const deps: RouteDeps = { api, metrics, authenticate: createAuthenticate(api) };
  app.decorateRequest('caller', null);
  addHooks(app, deps);
  addErrors(app, deps);
  await app.register(swagger, { openapi: documentHead() });
  await app.register((scope: FastifyInstance, _options: object, done: () => void) => {
    alertRoutes(scope, deps);
    done();
  });
  await app.register((scope: FastifyInstance, _options: object, done: () => void) => {
    incidentRoutes(scope, deps);
    actRoutes(scope, deps);
    operationRoutes(scope, deps);
    done();
  });
  return app;
}

function addHooks(app: FastifyInstance, { api, metrics, authenticate }: RouteDeps): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ ...HEADERS, 'x-request-id': request.id });
    await admitPerson(request, { api, authenticate });
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.requests.add({ method: request.method, route, status: String(reply.statusCode) });
    metrics.seconds.observe({ route }, reply.elapsedTime / 1_000);
    const { subject, issuer } = request.caller ?? {};
    const fields = { requestId: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    api.logger.info({ ...fields, source: sourceOf(request), subject, issuer }, 'request');
  });
}

/** Before the body is read: a stranger's megabyte is not worth parsing. */
async function admitPerson(request: FastifyRequest, { api, authenticate }: { api: ApiDeps; authenticate: Authenticate }): Promise<void> {
  const { permission } = request.routeOptions.config;
  if (permission === undefined) return;
  const basic = request.routeOptions.url === '/board';
  const caller = await authenticate(request.headers.authorization).catch((error: unknown) => {
    throw basic && error instanceof Problem && error.status === 401 ? asBasic(error) : error;
  });
  request.caller = caller;
  await authorize(caller, permission, api);
}

/** A browser asks its user only where Basic is offered. */
function asBasic({ status, message }: Problem): Problem {
  return new Problem(status, message, { 'www-authenticate': 'Basic realm="tourniquet", charset="UTF-8"' });
}

function addErrors(app: FastifyInstance, { api, metrics }: RouteDeps): void {
  app.setNotFoundHandler((request, reply) => reply.code(404).send({ error: 'there is no such address', requestId: request.id }));
  app.setErrorHandler((error: FastifyError, request, reply) => answerProblem(error, { request, reply, api, metrics }));
}

interface Answering {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly api: ApiDeps;
  readonly metrics: ApiMetrics;
}

function answerProblem(error: unknown, { request, reply, api, metrics }: Answering): FastifyReply {
  const problem = problemOf(error);
  const { status, message, headers } = problem;
  const route = request.routeOptions.url ?? 'unknown';
  const fields = { requestId: request.id, route, status, source: sourceOf(request), subject: request.caller?.subject };
  if (status === 401 || status === 403) metrics.refused.add({ status: String(status) });
  if (status >= 500) api.logger.error({ ...fields, reason: message, err: error === problem ? undefined : error }, 'request failed');
  else api.logger.warn({ ...fields, reason: message }, 'request refused');
  return reply
    .code(status)
    .headers({ ...headers })
    .type('application/json; charset=utf-8')
    .send({ error: message, requestId: request.id });
}

/** The name that an alert was sent under, when it is one. */
function sourceOf({ params }: FastifyRequest): string | undefined {
  const parsed = SourceParams.safeParse(params);
  return parsed.success ? parsed.data.source : undefined;
}

function documentHead(): { openapi: string; info: { title: string; version: string; description: string } } & Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tourniquet',
      version: '1',
      description: 'Incident response for compromised AWS credentials. Who acts comes from the token alone.',
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  };
}
