import { request } from 'node:http';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, startApi, type ApiRig } from '../fixtures/api.js';

let api: ApiRig;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Every address the server has. A new one belongs here, and then in the document. */
const ROUTES = [
  'POST /v1/alerts/{source}',
  'POST /v1/incidents',
  'GET /v1/incidents',
  'GET /v1/incidents/{id}',
  'GET /v1/incidents/{id}/clocks',
  'GET /v1/incidents/{id}/report',
  'POST /v1/incidents/{id}/decide',
  'POST /v1/incidents/{id}/acknowledge',
  'POST /v1/incidents/{id}/notes',
  'POST /v1/incidents/{id}/pause',
  'POST /v1/incidents/{id}/resume',
  'POST /v1/incidents/{id}/request',
  'GET /board',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /openapi.json',
];

interface Operation {
  readonly operationId: string;
  readonly parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Document {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { securitySchemes: object };
}

describe('the OpenAPI document', () => {
  const read = async (): Promise<Document> => (await call(`${api.url}/openapi.json`)).json as unknown as Document;
  const operationsOf = ({ paths }: Document): [string, Operation][] =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
    );

  it('has every route, each with an id of its own and described answers', async () => {
    const document = await read();
    const operations = operationsOf(document);

    expect(operations.map(([route]) => route).toSorted()).toEqual(ROUTES.toSorted());
    expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(ROUTES.length);
    for (const [route, { responses }] of operations) {
      expect(Object.keys(responses).length, route).toBeGreaterThan(0);
      for (const { description } of Object.values(responses)) expect(description, route).toMatch(/\w/);
    }
  });

  it('is OpenAPI 3: required fields, a parameter for every part of an address, and schemas that compile', async () => {
    const document = await read();
    const ajv = new Ajv({ strict: false, validateFormats: false });

    expect(document.openapi).toMatch(/^3\.\d+\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(document.components.securitySchemes).toMatchObject({ token: { type: 'http', scheme: 'bearer' } });
    for (const [route, { parameters = [], requestBody, responses }] of operationsOf(document)) {
      const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        parameters.filter((one) => one.in === 'path').map(({ name }) => name),
        route,
      ).toEqual(named);
      for (const parameter of parameters) expect(() => ajv.compile(parameter.schema), `${route} ${parameter.name}`).not.toThrow();
      for (const { schema } of Object.values(requestBody?.content ?? {})) expect(() => ajv.compile(schema), route).not.toThrow();
      for (const { content = {} } of Object.values(responses))
        for (const { schema } of Object.values(content)) expect(() => ajv.compile(schema), route).not.toThrow();
    }
  });

  it('describes bodies as the server reads them: a good one fits, one with a subject does not', async () => {
    const { paths } = await read();
    const schema = paths['/v1/incidents/{id}/decide']?.['post']?.requestBody?.content['application/json']?.schema ?? {};
    const fits = new Ajv({ strict: false, validateFormats: false }).compile(schema);

    expect(fits({ task: 'T1', choice: 'approve', reason: 'go' })).toBe(true);
    expect(fits({ task: 'T1', choice: 'approve', subject: 'mara' })).toBe(false);
  });
});

describe('health', () => {
  it('is alive and says that it is not ready, and which part is not', async () => {
    const alive = await call(`${api.url}/healthz`);
    const ready = await call(`${api.url}/readyz`);

    expect([alive.status, alive.json]).toEqual([200, { status: 'ok' }]);
    expect(ready.status).toBe(503);
    expect(ready.json).toMatchObject({
      ready: false,
      parts: {
        temporal: { ok: false, detail: expect.stringMatching(/^no answer within 3 s$|^Temporal does not answer/) },
        aws: { ok: false, detail: expect.stringMatching(/^no identity: /) },
        tickets: { ok: true, detail: 'markdown' },
      },
    });
    expect(ready.text).not.toContain('127.0.0.1');
  });

  it('asks the parts at most once in five seconds, and waits for none of them longer than three', async () => {
    let asked = 0;
    const slow = (): Promise<string> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const other = await startApi({ change: (deps) => ({ ...deps, probes: { slow } }) });

    const answers = await Promise.all([call(`${other.url}/readyz`), call(`${other.url}/readyz`)]);
    await other.stop();

    expect(asked).toBe(1);
    for (const { status, json } of answers)
      expect([status, json['parts']]).toEqual([503, { slow: { ok: false, detail: 'no answer within 3 s' } }]);
  });
});

describe('what comes in', () => {
  it.each([
    ['no JSON', '{', 'the body is not valid JSON'],
    ['a list', [], 'body: (root): '],
    ['fields nobody knows', { task: 'T1', choice: 'approve', more: 1 }, 'body: (root): '],
    ['a task of 1 MB', { task: 'x'.repeat(1_000_000), choice: 'approve' }, 'body: task: '],
  ])('with %s as the body is a 400 that names the field', async (_, body, says) => {
    const token = await api.tokenFor('lea', 'approver');

    const { status, json } = await call(`${api.url}/v1/incidents/INC-20260301-7K2M9QXD/decide`, { token, body });

    expect([status, json['error']]).toEqual([400, expect.stringContaining(says)]);
    expect(json['requestId']).toEqual(expect.any(String));
    expect(String(json['error']).length).toBeLessThan(1_000);
  });

  it('of 1 MiB and one byte is a 413, with a token or without', async () => {
    const body = 'x'.repeat(1_048_577);

    const sent = await call(`${api.url}/v1/incidents`, { token: await api.tokenFor('lea', 'approver'), body });
    const stranger = await call(`${api.url}/v1/alerts/cli`, { body });

    expect([sent.status, stranger.status]).toEqual([413, 413]);
  });

  it('by an address that leaves its place, or that there is not, is refused', async () => {
    const token = await api.tokenFor('lea', 'approver');
    const statusOf = async (path: string) => (await call(`${api.url}${path}`, { token })).status;

    expect(await statusOf(`/v1/incidents/${encodeURIComponent("x' OR 1=1")}`)).toBe(400);
    expect(await statusOf('/v1/incidents?state=everything')).toBe(400);
    expect(await statusOf('/v1/incidents/INC-20260301-7K2M9QXD/report?format=pdf')).toBe(400);
    expect(await statusOf('/nowhere')).toBe(404);
  });

  it('by hand that names what AWS could not have issued is refused before anything is started', async () => {
    const token = await api.tokenFor('alex', 'responder');
    const open = async (body: object) =>
      (await call(`${api.url}/v1/incidents`, { token, body: { title: 'a key in a gist', ...body } })).json['error'];

    expect(await open({ accessKeyId: 'AKIA-nonsense' })).toMatch(/access key id "AKIA-nonsense" is not one AWS could have issued/);
    expect(await open({ arn: 'arn:aws:iam::111122223333:role/../../admin' })).toEqual(expect.any(String));
    expect(await open({})).toMatch(/the report names no principal/);
  });
});

it('sends headers that keep a browser from guessing, framing and caching, and an id for the log', async () => {
  const { headers } = await call(`${api.url}/healthz`);

  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(api.logged()).toContain(headers.get('x-request-id'));
});

it('asks a browser for a token on the board, by HTTP Basic', async () => {
  const { status, headers } = await call(`${api.url}/board`);

  expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Basic /)]);
});

it('finishes what is under way when it stops, and takes nothing new', async () => {
  let release = (): void => undefined;
  const held = new Promise<string>((resolve) => (release = () => resolve('late but there')));
  const other = await startApi({ change: (deps) => ({ ...deps, probes: { held: () => held } }) });
  const underWay = new Promise<number>((resolve, reject) => {
    request(`${other.url}/readyz`, (response) => resolve(response.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });
  await new Promise((resolve) => setTimeout(resolve, 100));

  const stopping = other.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(fetch(`${other.url}/healthz`)).rejects.toThrow();
  release();

  expect(await underWay).toBe(200);
  await stopping;
});
