import { createServer, type Server, type ServerResponse } from 'node:http';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { policyChecks } from '../../../src/cli/doctor/policies.js';
import { runCli } from '../../../src/cli/run-cli.js';
import { packagePath } from '../../../src/config/paths.js';
import { loadEnv } from '../../../src/config/env.js';
import { aCli } from '../../fixtures/cli.js';

const TOKEN = `tq_${'S'.repeat(43)}`;
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A server that answers everything alike. */
async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  const made = createServer((_request, response: ServerResponse) => response.writeHead(status, headers).end(body));
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const address = made.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function run(url: string, ...args: string[]) {
  const { context, lines, errors } = aCli({ env: { TOURNIQUET_URL: url, TOURNIQUET_TOKEN: TOKEN } });
  return { code: await runCli(args, context), lines, errors };
}

const problem = (error: string): string => JSON.stringify({ error, requestId: 'r1' });

describe('a command with TOURNIQUET_URL', () => {
  it.each([
    [401, problem('the token has expired'), 1, 'the API does not accept TOURNIQUET_TOKEN: the token has expired'],
    [403, problem('role approver is needed'), 1, 'not allowed: role approver is needed'],
    [400, problem('query: state: Invalid option'), 2, 'query: state: Invalid option'],
    [503, problem('Temporal does not answer'), 1, 'the API cannot do this now: Temporal does not answer; try again in 5 s'],
    [404, '<html>not found</html>', 1, "is not Tourniquet's API (HTTP 404): is TOURNIQUET_URL right?"],
    [200, '<html>a proxy says hello</html>', 1, 'the API answers something else than expected'],
  ])('turns HTTP %i %s into one line and exit code %i', async (...[status, body, code, says]) => {
    const answer = await run(await answering(status, body, { 'retry-after': '5' }), 'list');

    expect(answer).toMatchObject({ code, lines: [], errors: [expect.stringContaining(says)] });
    expect(answer.errors.join()).not.toContain(TOKEN);
  });

  it('says when nobody listens there', async () => {
    expect(await run('http://127.0.0.1:9', 'list')).toMatchObject({
      code: 1,
      errors: [
        expect.stringMatching(/^no API answers at http:\/\/127\.0\.0\.1:9 .*is TOURNIQUET_URL right, does `tourniquet serve` run\?$/),
      ],
    });
  });

  it('takes the token to no other host', async () => {
    const url = await answering(302, '', { location: 'http://127.0.0.1:9/elsewhere' });

    expect(await run(url, 'list')).toMatchObject({ code: 1, errors: [expect.stringContaining('no API answers')] });
  });

  it('reads a refused act as refused, and an act that never reached the incident as an error', async () => {
    const refused = JSON.stringify({ actId: 'a1', accepted: false, message: 'no clock x', error: 'no clock x' });

    expect(await run(await answering(409, refused), 'ack', 'INC-20260301-7K2M9QXD')).toEqual({
      code: 1,
      lines: ['refused: no clock x'],
      errors: [],
    });
    expect(await run(await answering(409, problem('incident is closed')), 'ack', 'INC-20260301-7K2M9QXD')).toEqual({
      code: 1,
      lines: [],
      errors: ['incident is closed'],
    });
  });
});

describe('the environment', () => {
  it('takes an address with its token, and secrets of sources by name', () => {
    const env = loadEnv({ TOURNIQUET_URL: 'https://ir.example.com/', TOURNIQUET_TOKEN: TOKEN, TOURNIQUET_SECRET_SOC: 's3cret' });

    expect(env.api).toEqual({ url: 'https://ir.example.com', token: TOKEN });
    expect(env.sourceSecrets).toEqual({ TOURNIQUET_SECRET_SOC: 's3cret' });
  });

  it('refuses an address without a token, without TLS, or with credentials in it, and shows no value', () => {
    const read =
      (url: string, token = TOKEN) =>
      () =>
        loadEnv({ TOURNIQUET_URL: url, TOURNIQUET_TOKEN: token });

    expect(read('https://ir.example.com', '')).toThrow('TOURNIQUET_TOKEN: must be set with TOURNIQUET_URL');
    for (const url of ['http://planted.example.com', 'https://me:planted@ir.example.com', 'planted']) {
      expect(read(url)).toThrow('TOURNIQUET_URL');
      expect(read(url)).not.toThrow(/planted/);
    }
    expect(read('https://ir.example.com', 'a planted token')).toThrow('TOURNIQUET_TOKEN');
  });
});

it('doctor says which secret of callers.yaml is missing', async () => {
  const policyDir = join(await mkdtemp(join(tmpdir(), 'tourniquet-test-')), 'policies');
  await cp(packagePath('src', 'playbooks'), policyDir, { recursive: true });
  const callers = async () => (await policyChecks({ ...loadEnv({}), policyDir })).find(({ check }) => check === 'callers');
  expect(await callers()).toMatchObject({ status: 'ok' });

  const source = { name: 'soc', auth: 'hmac', secretEnv: 'TOURNIQUET_SECRET_SOC', accepts: ['guardduty'] };
  await writeFile(join(policyDir, 'callers.yaml'), JSON.stringify({ version: '1', sources: [source] }));

  expect(await callers()).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('source soc: there is no secret in TOURNIQUET_SECRET_SOC'),
  });
});

describe('tokens', () => {
  it('are made for people of people.yaml and for sources, shown once, listed without hash, and revoked', async () => {
    const env = { TOURNIQUET_DATA_DIR: await mkdtemp(join(tmpdir(), 'tourniquet-test-')) };
    const run = async (...args: string[]) => {
      const { context, lines, errors } = aCli({ at: '2026-03-01T12:00:00Z', env });
      return { code: await runCli(['token', ...args], context), lines, errors };
    };

    const made = await run('create', 'lea', '--role', 'approver', '--role', 'manager', '--days', '1');
    expect(made.code).toBe(0);
    const { id, token, ...rest } = JSON.parse(made.lines[0] ?? '{}') as { id: string; token: string };
    expect(rest).toEqual({ subject: 'lea', roles: ['approver', 'manager'], expiresAt: '2026-03-02T12:00:00.000Z' });
    expect((await run('create', 'soc-webhook', '--role', 'sender')).code).toBe(0);
    expect(await run('create', 'mallory', '--role', 'admin')).toMatchObject({
      code: 2,
      errors: ['mallory is not a local person of people.yaml'],
    });
    expect(await run('create', 'lea', '--role', 'sender', 'admin')).toMatchObject({ code: 2 });
    expect((await run('create', 'lea', '--role', 'king')).code).toBe(2);

    const list = await run('list', '--json');
    expect(list.lines).toHaveLength(2);
    expect(list.lines.join()).not.toMatch(new RegExp(`sha256|${token}`));
    expect(await run('revoke', id)).toMatchObject({ code: 0 });
    expect((await run('list')).lines[1]).toMatch(new RegExp(`^${id} +lea +approver manager +2026-03-02T12:00:00.000Z +revoked$`));
    expect(await run('revoke', 'ffffffff')).toMatchObject({ code: 1, errors: ['there is no token ffffffff'] });
  });
});
