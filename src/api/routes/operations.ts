import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ReadyAnswer } from '../../contracts/api.js';
import { listIncidents } from '../../incidents/list-incidents.js';
import { BOARD_REFRESH_SECONDS, renderBoard } from '../board.js';
import { createReadiness } from '../readiness.js';
import { askTemporal, type RouteDeps } from './route-deps.js';
import { answer, withProblems } from './schemas.js';

const BOARD_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The board for people, and what those who run the server ask. */
export function operationRoutes(app: FastifyInstance, deps: RouteDeps): void {
  boardRoute(app, deps);
  healthRoutes(app, deps);
  app.get(
    '/metrics',
    {
      config: { permission: 'read' },
      schema: {
        operationId: 'metrics',
        summary: 'Metrics in the text format of Prometheus',
        tags: ['operations'],
        response: withProblems({ 200: answer('The metrics.') }, [401, 403]),
      },
    },
    (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(deps.metrics.registry.text()),
  );
  app.get(
    '/openapi.json',
    { schema: { operationId: 'openapi', summary: 'This document', tags: ['operations'], response: { 200: answer('The document.') } } },
    () => app.swagger(),
  );
}

function boardRoute(app: FastifyInstance, { api }: RouteDeps): void {
  const schema = {
    operationId: 'board',
    summary: 'Open incidents with countdowns, as a page',
    description: 'In a browser the token is the password of HTTP Basic; the user name is not looked at.',
    tags: ['incidents'],
    response: withProblems({ 200: answer('The page.') }, [401, 403, 503]),
  };
  app.get('/board', { config: { permission: 'read' }, schema }, async (_request, reply) => {
    const rows = await askTemporal(api, () => listIncidents(api.session.client, 'open'));
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', BOARD_POLICY)
      .header('refresh', String(BOARD_REFRESH_SECONDS))
      .send(renderBoard(rows, api.now()));
  });
}

function healthRoutes(app: FastifyInstance, { api }: RouteDeps): void {
  const readiness = createReadiness(api.probes, api.now);
  const alive = { 200: answer('The process answers.', z.strictObject({ status: z.literal('ok') })) };
  app.get('/healthz', { schema: { operationId: 'health', summary: 'The process answers', tags: ['operations'], response: alive } }, () => ({
    status: 'ok',
  }));
  const ready = {
    200: answer('Everything it rests on answers.', ReadyAnswer),
    503: answer('Something does not; `parts` says what.', ReadyAnswer),
  };
  app.get(
    '/readyz',
    { schema: { operationId: 'ready', summary: 'Temporal, AWS and tickets answer', tags: ['operations'], response: ready } },
    async (_request, reply) => {
      const found = await readiness();
      return reply.code(found.ready ? 200 : 503).send(found);
    },
  );
}
