import type { FastifyInstance } from 'fastify';
import {
  type ClockAnswer,
  ClocksAnswer,
  IntakesAnswer,
  ListAnswer,
  ListQuery,
  OpenBody,
  ReportQuery,
  WaitQuery,
} from '../../contracts/api.js';
import type { Clock, IncidentState } from '../../contracts/incident.js';
import { conditionOf, deadlineMs } from '../../domain/engine/clocks.js';
import { readIncident } from '../../incidents/acting.js';
import { findRecord, type FoundRecord } from '../../incidents/find-record.js';
import { listIncidents } from '../../incidents/list-incidents.js';
import { manualMessage } from '../../incidents/manual-report.js';
import { readTimeline, reportText } from '../../incidents/report-text.js';
import { receiveAlert } from '../../ingest/receive.js';
import { MANUAL_SOURCE } from '../../ingest/sources/manual.js';
import type { ApiDeps } from '../api-deps.js';
import { Problem } from '../problem.js';
import { withoutAuthority } from '../without-authority.js';
import { IncidentParams } from './acts.js';
import { intakesAnswer } from './alerts.js';
import { askTemporal, callerOf, type RouteDeps } from './route-deps.js';
import { answer, jsonSchema, parseInput, withProblems } from './schemas.js';

/** A query waits for a worker: without one for 20 s. */
const READ_WITHIN_MS = 25_000;
const REFUSALS = [400, 401, 403, 404, 503];
const MEDIA_TYPES = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const;

/** Opening, listing and reading incidents. */
export function incidentRoutes(app: FastifyInstance, deps: RouteDeps): void {
  openRoute(app, deps);
  readRoutes(app, deps);
  reportRoute(app, deps);
}

function openRoute(app: FastifyInstance, { api, metrics }: RouteDeps): void {
  const schema = {
    operationId: 'openIncident',
    summary: 'Open an incident by hand: the same way in as every alert',
    tags: ['incidents'],
    querystring: jsonSchema(WaitQuery),
    body: jsonSchema(OpenBody),
    response: withProblems({ 202: answer('Temporal has the report.', IntakesAnswer) }, [...REFUSALS, 413]),
  };
  app.post('/v1/incidents', { config: { permission: 'act' }, schema }, async (request, reply) => {
    const { waitSeconds } = parseInput(WaitQuery, request.query, 'query');
    const report = parseInput(OpenBody, request.body, 'body');
    const message = manualMessage(report, { subject: callerOf(request).subject, now: api.now() });
    const received = await askTemporal(api, () => receiveAlert(message, api.receive));
    if (!received.accepted) throw new Problem(400, received.reason);
    metrics.alerts.add({ source: MANUAL_SOURCE, outcome: 'accepted' }, received.intakes.length);
    return reply.code(202).send(await intakesAnswer(api, received.intakes, waitSeconds));
  });
}

function readRoutes(app: FastifyInstance, { api }: RouteDeps): void {
  const read = (id: string): Promise<IncidentState> => askTemporal(api, () => readIncident(api.session, id), READ_WITHIN_MS);
  app.get(
    '/v1/incidents',
    {
      config: { permission: 'read' },
      schema: {
        operationId: 'listIncidents',
        summary: 'Open or closed incidents, the most urgent first; at most 500',
        tags: ['incidents'],
        querystring: jsonSchema(ListQuery),
        response: withProblems({ 200: answer('The incidents.', ListAnswer) }, REFUSALS),
      },
    },
    async (request) => {
      const { state } = parseInput(ListQuery, request.query, 'query');
      return { incidents: await askTemporal(api, () => listIncidents(api.session.client, state)) };
    },
  );
  app.get(
    '/v1/incidents/:id',
    {
      config: { permission: 'read' },
      schema: readSchema('showIncident', 'The whole state of an incident', answer('The state, without signatures.')),
    },
    async (request) => withoutAuthority(await read(parseInput(IncidentParams, request.params, 'address').id)),
  );
  app.get(
    '/v1/incidents/:id/clocks',
    { config: { permission: 'read' }, schema: readSchema('showClocks', 'The clocks of an incident', answer('The clocks.', ClocksAnswer)) },
    async (request) => {
      const state = await read(parseInput(IncidentParams, request.params, 'address').id);
      const nowMs = api.now().getTime();
      return { incidentId: state.incidentId, clocks: state.clocks.map((clock) => clockAnswer(clock, nowMs)) };
    },
  );
}

function reportRoute(app: FastifyInstance, { api }: RouteDeps): void {
  const schema = {
    ...readSchema('showReport', 'The report of an open or closed incident', answer('The report in the format asked for.')),
    querystring: jsonSchema(ReportQuery),
  };
  app.get('/v1/incidents/:id/report', { config: { permission: 'read' }, schema }, async (request, reply) => {
    const { id } = parseInput(IncidentParams, request.params, 'address');
    const { format } = parseInput(ReportQuery, request.query, 'query');
    const { record, notes } = await recordOf(api, id);
    const { timeline, missing } = await readTimeline(api.working, record);
    const remarks = [...notes, ...(missing === undefined ? [] : [`the timeline file is not in the report: ${missing}`])];
    if (remarks.length > 0)
      void reply.header(
        'x-tourniquet-note',
        remarks
          .join('; ')
          .replace(/[^\x20-\x7e]/g, '?')
          .slice(0, 500),
      );
    return reply.type(MEDIA_TYPES[format]).send(await reportText(format, record, timeline));
  });
}

function recordOf(api: ApiDeps, id: string): Promise<FoundRecord> {
  const read = (incident: string): Promise<IncidentState> => askTemporal(api, () => readIncident(api.session, incident), READ_WITHIN_MS);
  return findRecord({ store: api.records, place: 'the record store', now: api.now, read }, id);
}

function readSchema(operationId: string, summary: string, ok: Record<string, unknown>): Record<string, unknown> {
  return { operationId, summary, tags: ['incidents'], params: jsonSchema(IncidentParams), response: withProblems({ 200: ok }, REFUSALS) };
}

function clockAnswer(clock: Clock, nowMs: number): ClockAnswer {
  const dueMs = deadlineMs(clock);
  return {
    clockId: clock.clockId,
    title: clock.title,
    team: clock.team,
    condition: conditionOf(clock),
    startAt: clock.startAt ?? null,
    dueAt: dueMs === undefined ? null : new Date(dueMs).toISOString(),
    secondsLeft: dueMs === undefined ? null : Math.round((dueMs - nowMs) / 1_000),
    pausedUntilAt: clock.pause?.untilAt ?? null,
  };
}
