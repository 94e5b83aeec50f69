import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { parse, stringify } from 'yaml';
import { describe, expect } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { hmacOf } from '../../src/api/auth/hmac.js';
import { packagePath } from '../../src/config/paths.js';
import { lazyClient } from '../../src/config/temporal.js';
import type { IntakeAnswer } from '../../src/contracts/api.js';
import type { Session } from '../../src/incidents/session.js';
import { aCli } from '../fixtures/cli.js';
import { call, HMAC_SECRET, oidcConfig, startApi, startIdentityProvider, writeCallers, type ApiRig } from '../fixtures/api.js';
import { aHealthEvent } from './alerts.js';
import { test, type Stage } from './stage.js';
import { until } from './until.js';

const SOURCES = [{ name: 'soc', auth: 'hmac', secretEnv: 'TOURNIQUET_SECRET_SOC', accepts: ['aws-health', 'guardduty'] }];

/** The API over a stage: same Temporal, same policies, same keys. */
async function apiOver(stage: Stage, callers: object = { sources: SOURCES }, session: Session = stage.session): Promise<ApiRig> {
  await writeCallers(stage.env.policyDir, callers);
  const env = { ...stage.env, sourceSecrets: { TOURNIQUET_SECRET_SOC: HMAC_SECRET } };
  return startApi({ env, session, awsCredentials: stage.range.identities.responder });
}

function deliver(api: ApiRig, body: string, { at = String(Math.floor(Date.now() / 1_000)), waitSeconds = 60 } = {}) {
  const headers = { 'x-tourniquet-timestamp': at, 'x-tourniquet-signature': hmacOf(HMAC_SECRET, at, new TextEncoder().encode(body)) };
  return call(`${api.url}/v1/alerts/soc?waitSeconds=${waitSeconds}`, { body, headers });
}

/** A user's alert through HTTP, and the workflow id of its incident. */
async function opened(stage: Stage, api: ApiRig, name: string): Promise<string> {
  const { status, json } = await deliver(api, JSON.stringify(aHealthEvent(await stage.newUser(name))));
  expect(status).toBe(202);
  const [intake] = json['intakes'] as IntakeAnswer[];
  expect(intake).toMatchObject({ duplicate: false, disposition: 'open', outcome: { outcome: 'opened' } });
  return intake?.outcome?.workflowId ?? '';
}

const pathOf = (workflowId: string): string => `/v1/incidents/${encodeURIComponent(workflowId)}`;

/** The CLI as somebody's own machine has it: an address, a token, and no Temporal. */
async function cliOver(api: ApiRig, token: string, ...args: string[]): Promise<{ code: number; lines: string[]; errors: string[] }> {
  const { context, lines, errors } = aCli({ at: new Date().toISOString(), env: { TOURNIQUET_URL: api.url, TOURNIQUET_TOKEN: token } });
  return { code: await runCli(args, context), lines, errors };
}

describe.concurrent('the HTTP API', () => {
  test('takes an alert, shows the incident, signs a person’s consent and lets it be contained; the requester never counts', async ({
    setStage,
    onTestFinished,
  }) => {
    const stage = await setStage({ mode: 'approve' });
    const api = await apiOver(stage);
    onTestFinished(() => api.stop());
    const lea = await api.tokenFor('lea', 'approver');
    const alex = await api.tokenFor('alex', 'responder');
    const mara = await api.tokenFor('mara', 'admin');
    const id = await opened(stage, api, 'reports');
    const task = await stage.task(id, 'a consent is asked', ({ kind }) => kind === 'consent');

    // Reading: nothing that a write could rest on leaves.
    const shown = await call(`${api.url}${pathOf(id)}`, { token: await api.tokenFor('omar', 'manager') });
    expect(shown.json).toMatchObject({ lockId: expect.any(String), alerts: { kept: [{ receipt: 'withheld.withheld.withheld' }] } });
    expect((await call(`${api.url}${pathOf(id)}/clocks`, { token: lea })).json).toMatchObject({
      clocks: expect.arrayContaining([expect.objectContaining({ clockId: 'validate', dueAt: expect.any(String) })]),
    });

    // A responder works on it and cannot sign.
    expect(await call(`${api.url}${pathOf(id)}/acknowledge`, { token: alex, body: {} })).toMatchObject({ status: 200 });
    const unsigned = await call(`${api.url}${pathOf(id)}/decide`, {
      token: alex,
      body: { task: task.taskId, choice: 'approve', reason: 'go' },
    });
    expect([unsigned.status, unsigned.json['error']]).toEqual([403, 'alex may not sign: role approver or admin is needed']);

    const actId = randomUUID();
    const approval = { task: task.taskId, choice: 'approve', reason: 'the key is public', actId };
    expect(await call(`${api.url}${pathOf(id)}/decide`, { token: lea, body: approval })).toMatchObject({
      status: 200,
      json: { accepted: true },
    });
    expect(await call(`${api.url}${pathOf(id)}/decide`, { token: lea, body: approval })).toMatchObject({ status: 200, json: { actId } });
    await stage.reaches(id, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');

    // Lea asks for the undo, which two others must sign.
    const asked = await call(`${api.url}${pathOf(id)}/request`, { token: lea, body: { what: 'restore', reason: 'planned rotation' } });
    expect(asked.status).toBe(200);
    const undo = String(asked.json['taskId']);
    const own = await call(`${api.url}${pathOf(id)}/decide`, { token: lea, body: { task: undo, choice: 'approve', reason: 'mine' } });
    expect(own).toMatchObject({
      status: 409,
      json: { accepted: false, error: `lea asked for ${undo} and does not count: 2 other people are needed` },
    });
    const other = await call(`${api.url}${pathOf(id)}/decide`, { token: mara, body: { task: undo, choice: 'approve', reason: 'yes' } });
    expect(other.json).toMatchObject({ accepted: true, message: `${undo}: 1 of 2 approvals` });
    expect((await stage.incident(id)).phase).not.toBe('closed');

    const board = await call(`${api.url}/board`, { headers: { authorization: `Basic ${Buffer.from(`x:${lea}`).toString('base64')}` } });
    expect([board.status, board.headers.get('refresh')]).toEqual([200, '15']);
    expect(board.text).toContain((await stage.incident(id)).incidentId);
    expect(board.text).not.toContain('<script');
    expect((await call(`${api.url}/metrics`, { token: lea })).text).toContain('tourniquet_alerts_total{source="soc",outcome="accepted"} 1');
    expect(api.logged()).not.toMatch(new RegExp(`${lea}|${HMAC_SECRET}|eyJ`));
  });

  test('signs for a person of the identity provider with its own key, and the writing worker accepts that', async ({
    setStage,
    onTestFinished,
  }) => {
    const provider = await startIdentityProvider();
    onTestFinished(() => provider.stop());
    const stage = await setStage({ mode: 'approve' });
    const api = await apiOver(stage, { sources: SOURCES, oidc: oidcConfig(provider) });
    onTestFinished(() => api.stop());
    await addPerson(stage, { subject: 'idp-7', name: 'Pat', issuer: provider.issuer, teams: ['security-lead', 'ciso'] });
    const id = await opened(stage, api, 'reports');
    const task = await stage.task(id, 'a consent is asked', ({ kind }) => kind === 'consent');
    const decide = (token: string, more: object = {}) =>
      call(`${api.url}${pathOf(id)}/decide`, { token, body: { task: task.taskId, choice: 'approve', reason: 'public key', ...more } });

    // In people.yaml also of team ciso, but the provider does not say so any more.
    const former = await decide(await provider.token('idp-7', ['leads']), { team: 'ciso' });
    expect(former).toMatchObject({ status: 409, json: { error: 'idp-7 is not in team ciso' } });
    expect(await decide(await provider.token('idp-7', ['leads']))).toMatchObject({ status: 200, json: { accepted: true } });
    const state = await stage.reaches(id, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');

    expect(state.journal.map(({ who, text }) => `${who}: ${text}`).join('\n')).toContain('idp-7: ');
    expect(stage.writes().length).toBeGreaterThan(0);
  });

  test('a repeat starts nothing, what cannot be read is kept with the reason, and more than 1 MiB is refused', async ({
    setStage,
    onTestFinished,
  }) => {
    const stage = await setStage();
    const api = await apiOver(stage);
    onTestFinished(() => api.stop());
    const body = JSON.stringify(aHealthEvent(await stage.newUser('reports')));

    const first = await deliver(api, body);
    // Another second, another signature: the sender delivers at least once.
    await until('the next second', () => new Promise<true>((resolve) => setTimeout(() => resolve(true), 1_100)));
    const second = await deliver(api, body);
    const garbage = await deliver(api, '{"half":');
    const large = await deliver(api, JSON.stringify({ a: 'x'.repeat(1_048_576) }));
    const asMuchAsIsRead = await deliver(api, `{"a":"${'x'.repeat(1_048_576 - 8)}"}`);

    expect((first.json['intakes'] as IntakeAnswer[])[0]).toMatchObject({ duplicate: false });
    expect((second.json['intakes'] as IntakeAnswer[])[0]).toMatchObject({ duplicate: true, outcome: { outcome: 'opened' } });
    expect([garbage.status, garbage.json['error']]).toEqual([400, 'the message is JSON that ends too early']);
    expect([large.status, large.json['error']]).toEqual([413, 'the body is too large: at most 1048576 bytes']);
    expect([asMuchAsIsRead.status, asMuchAsIsRead.json['error']]).toEqual([
      400,
      expect.stringContaining('the message is too large: 1048576 bytes'),
    ]);
    expect(await api.rejected()).toContain('the message is JSON that ends too early');
    const ready = await call(`${api.url}/readyz`);
    expect(ready).toMatchObject({
      status: 200,
      json: { ready: true, parts: { temporal: { ok: true }, aws: { ok: true }, tickets: { ok: true } } },
    });
  });

  test('Temporal is away: 503 with Retry-After, nothing is lost silently; Temporal is back: the same delivery arrives', async ({
    setStage,
    onTestFinished,
  }) => {
    const stage = await setStage();
    const line = await lineTo(stage.env.temporalAddress ?? '');
    onTestFinished(() => line.cut());
    const session = lazyClient({ address: line.address, namespace: stage.session.namespace, identity: 'api-outage' });
    onTestFinished(() => session.connection.close());
    const api = await apiOver(stage, { sources: SOURCES }, session);
    onTestFinished(() => api.stop());
    const lea = await api.tokenFor('lea', 'approver');
    const body = JSON.stringify(aHealthEvent(await stage.newUser('reports')));
    const at = String(Math.floor(Date.now() / 1_000));
    expect((await call(`${api.url}/v1/incidents`, { token: lea })).status).toBe(200);

    await line.cut();
    const away = await deliver(api, body, { at });
    const listed = await call(`${api.url}/v1/incidents`, { token: lea });
    const shown = await call(`${api.url}/v1/incidents/INC-20260301-7K2M9QXD`, { token: lea });
    const ready = await call(`${api.url}/readyz`);
    await line.mend();
    const back = await until('it is taken', async () => {
      const answer = await deliver(api, body, { at });
      return answer.status === 503 ? undefined : answer;
    });

    for (const { status, headers, json } of [away, listed, shown])
      expect([status, headers.get('retry-after'), json['error']]).toEqual([503, '5', 'Temporal does not answer']);
    expect(ready).toMatchObject({ status: 503, json: { ready: false, parts: { temporal: { ok: false }, aws: { ok: true } } } });
    expect(await api.rejected()).toEqual([]);
    expect(back).toMatchObject({ status: 202, json: { intakes: [{ outcome: { outcome: 'opened' } }] } });
    expect((await call(`${api.url}/metrics`, { token: lea })).text).toContain(
      'tourniquet_alerts_total{source="soc",outcome="unavailable"}',
    );
  });

  test('the CLI with TOURNIQUET_URL works without Temporal: open, list, show, note, approve, report', async ({
    setStage,
    onTestFinished,
  }) => {
    const stage = await setStage({ mode: 'approve' });
    const api = await apiOver(stage);
    onTestFinished(() => api.stop());
    const token = await api.tokenFor('lea', 'approver');
    const lea = (...args: string[]) => cliOver(api, token, ...args);
    const suspect = await stage.newUser('reports');

    const open = await lea(
      'open',
      '--title',
      'key in a public gist',
      '--key',
      suspect.accessKeyId,
      '--account',
      stage.range.accountId,
      '--json',
    );
    expect([open.code, open.errors]).toEqual([0, []]);
    const { outcome } = JSON.parse(open.lines[0] ?? '') as IntakeAnswer;
    expect(outcome).toMatchObject({ outcome: 'opened' });
    const id = outcome?.workflowId ?? '';
    const { incidentId } = await stage.reaches(id, 'it is triaged', ({ phase }) => phase !== 'closed');

    await until('the list has it', async () => ((await lea('list', '--json')).lines.join().includes(incidentId) ? true : undefined));
    expect((await lea('show', incidentId)).lines[0]).toContain(incidentId);
    expect(await lea('note', incidentId, 'the owner is on the phone')).toMatchObject({ code: 0, lines: ['accepted: noted'] });
    expect((await stage.incident(id)).journal).toContainEqual(expect.objectContaining({ who: 'lea', text: 'the owner is on the phone' }));
    expect(await lea('approve', incidentId, 'T99', '--reason', 'why not')).toMatchObject({
      code: 1,
      errors: [expect.stringContaining('no open task or step T99')],
    });
    expect(await lea('ack', incidentId, '--as', 'mara')).toMatchObject({
      code: 2,
      errors: [expect.stringContaining('TOURNIQUET_TOKEN says who acts')],
    });
    expect(await lea('pause', incidentId, 'validate', '--for', '1h', '--reason', 'waiting for the owner')).toMatchObject({ code: 0 });
    expect((await stage.incident(id)).clocks.find(({ clockId }) => clockId === 'validate')?.pause).toMatchObject({ subject: 'lea' });
    expect(await lea('resume', incidentId, 'validate')).toMatchObject({ code: 0 });
    const watched = await lea('watch', incidentId, '--once');
    expect([watched.code, watched.lines.join('\n')]).toEqual([0, expect.stringContaining(incidentId)]);
    const out = await mkdtemp(join(tmpdir(), 'tourniquet-report-'));
    expect((await lea('report', incidentId, '--out', out)).code).toBe(0);
    expect((await readdir(out)).toSorted()).toEqual([`${incidentId}.html`, `${incidentId}.json`, `${incidentId}.md`]);
    expect(await readFile(join(out, `${incidentId}.md`), 'utf8')).toContain(incidentId);

    const file = join(out, 'alert.json');
    await writeFile(file, JSON.stringify(aHealthEvent(await stage.newUser('builds'))));
    const sent = await cliOver(api, await api.tokenFor('cli', 'sender'), 'alert', 'send', '--file', file, '--json');
    expect(JSON.parse(sent.lines[0] ?? '{}')).toMatchObject({ outcome: { outcome: 'opened' } });
    expect(await lea('alert', 'send', '--file', file)).toMatchObject({
      code: 1,
      errors: [expect.stringMatching(/^not allowed: lea may not send as cli/)],
    });
    expect(await cliOver(api, `tq_${'C'.repeat(43)}`, 'list')).toMatchObject({
      code: 1,
      errors: ['the API does not accept TOURNIQUET_TOKEN: the token is not known'],
    });
  });
});

test('`tourniquet serve` starts without Temporal, says so, and ends in order on SIGTERM', async ({ onTestFinished }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tourniquet-serve-'));
  const env = {
    ...process.env,
    TOURNIQUET_DATA_DIR: dataDir,
    TEMPORAL_ADDRESS: '127.0.0.1:9',
    TOURNIQUET_AWS_ENDPOINT: 'http://127.0.0.1:9',
  };
  const server = spawn(process.execPath, [packagePath('dist', 'src', 'cli', 'main.js'), 'serve', '--port', '0'], { env });
  onTestFinished(() => void server.kill('SIGKILL'));
  let printed = '';
  server.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const url = await until('it listens', () => /API at (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1]);

  expect((await call(`${url}/healthz`)).status).toBe(200);
  expect(await call(`${url}/readyz`)).toMatchObject({ status: 503, json: { parts: { temporal: { ok: false }, tickets: { ok: true } } } });
  const ended = new Promise((resolve) => server.once('exit', (code, signal) => resolve([code, signal])));
  server.kill('SIGTERM');

  expect(await ended).toEqual([0, null]);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

/** A line to Temporal that can be cut and mended. */
async function lineTo(address: string): Promise<{ address: string; cut: () => Promise<void>; mend: () => Promise<void> }> {
  const [host = '', port = ''] = address.split(':');
  const sockets = new Set<Socket>();
  let at = 0;
  let server: Server | undefined;
  const mend = async (): Promise<void> => {
    const made = createServer((near) => {
      const far = connect({ host, port: Number(port) });
      for (const socket of [near, far]) socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      sockets.add(near).add(far);
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => made.listen(at, '127.0.0.1', resolve));
    const listening = made.address();
    at = typeof listening === 'object' && listening !== null ? listening.port : 0;
    server = made;
  };
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      if (server?.listening === true) server.close(() => resolve());
      else resolve();
    });
  await mend();
  return { address: `127.0.0.1:${at}`, cut, mend };
}

async function addPerson({ env }: Stage, person: object): Promise<void> {
  const file = join(env.policyDir, 'people.yaml');
  const people = parse(await readFile(file, 'utf8')) as { people: object[] };
  await writeFile(file, stringify({ ...people, people: [...people.people, { awsNames: [], emails: [], ...person }] }));
}
