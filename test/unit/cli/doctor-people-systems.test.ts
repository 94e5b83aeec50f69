import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { peopleSystemChecks } from '../../../src/cli/doctor/people-systems.js';
import { loadEnv } from '../../../src/config/env.js';

const JIRA = { TOURNIQUET_JIRA_URL: 'http://127.0.0.1:9', TOURNIQUET_JIRA_EMAIL: 'bot@example.com', TOURNIQUET_JIRA_TOKEN: 'secret-token' };

async function findings(variables: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tourniquet-doctor-'));
  return peopleSystemChecks({ ...loadEnv(variables), dataDir });
}

it('is content with local tickets and warns that nobody is paged', async () => {
  expect(await findings()).toMatchObject([
    { check: 'tickets', status: 'ok', detail: 'markdown' },
    { check: 'notify', status: 'warn', detail: expect.stringMatching(/no channel pages anybody/) },
  ]);
});

it('fails when the tickets folder cannot be written', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'tourniquet-doctor-')), 'a-file');
  await writeFile(file, '');

  const [tickets] = await peopleSystemChecks({ ...loadEnv({}), dataDir: file });

  expect(tickets).toMatchObject({ check: 'tickets', status: 'fail', fix: expect.any(String) });
});

it('fails when Jira is not reached, without its token', async () => {
  const [tickets] = await findings(JIRA);

  expect(tickets).toMatchObject({ check: 'tickets', status: 'fail', detail: expect.stringMatching(/^jira: .*connection lost/) });
  expect(JSON.stringify(tickets)).not.toContain('secret-token');
});

it('names the teams that mail alone does not reach', async () => {
  const [, notify] = await findings({ TOURNIQUET_SMTP_URL: 'smtp://127.0.0.1:9', TOURNIQUET_MAIL_FROM: 'a@example.com' });

  expect(notify).toMatchObject({ status: 'warn', detail: expect.stringMatching(/not reached by email: ciso, cto/) });
});
