import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateAccessKeyCommand } from '@aws-sdk/client-iam';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { createAwsClients } from '../../src/adapters/aws/clients.js';
import { aHealthEvent, suspectIn } from './alerts.js';
import { test, type Stage } from './stage.js';
import { undoByTwo } from './undo.js';

test('no secret key, session token or signing key is in any history, record, journal, evidence or output', async ({ setStage }) => {
  const stage = await setStage({ mode: 'auto', playbook: 'compromised-credentials' });
  const { range } = stage;
  const leaked = createAwsClients({ endpoint: range.endpoint, credentials: range.identities.leaked });
  const { Credentials: minted } = await leaked.sts.send(new GetSessionTokenCommand({}));
  const { AccessKey: made } = await stage.admin.iam.send(new CreateAccessKeyCommand({ UserName: 'dana' }));
  range.startActors();
  const suspect = suspectIn(range, 'ci-deploy');
  const { workflowId } = await stage.send(aHealthEvent(suspect));
  await stage.reaches(workflowId, 'it is contained', ({ steps }) => steps['contain']?.status === 'done');
  for (const args of [['list'], ['show', workflowId], ['show', workflowId, '--json'], ['guard', 'show', '--json']])
    await stage.act(...args);
  await range.stopActors();
  await undoByTwo(stage, workflowId);
  await stage.reaches(workflowId, 'it is undone', ({ phase }) => phase === 'closed');

  const secrets = {
    ...Object.fromEntries(Object.entries(range.identities).map(([who, { secretAccessKey }]) => [`${who}'s secret`, secretAccessKey])),
    'a minted session token': minted?.SessionToken ?? '',
    'a minted secret': minted?.SecretAccessKey ?? '',
    'the secret of a key made meanwhile': made?.SecretAccessKey ?? '',
    ...(await signingKeys(stage)),
  };
  const corpus = { ...(await histories(stage)), ...(await filesOf(stage)), output: stage.printed.join('\n') };
  const all = Object.values(corpus).join('\n');

  // The search can find something: what is no secret is everywhere.
  for (const known of [suspect.accessKeyId, minted?.AccessKeyId ?? '', 'denyUser']) expect(all).toContain(known);
  expect(Object.keys(corpus).filter((name) => name.startsWith('history of'))).toHaveLength(4);
  for (const kind of ['records/', 'evidence/', 'notifications.jsonl'])
    expect(Object.keys(corpus).some((name) => name.includes(kind))).toBe(true);
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(20);
    for (const [where, text] of Object.entries(corpus))
      expect(text.includes(secret), `${name} in ${where}`).toBe(
        name === 'a minted session token' && sealedOriginal(where) && text.includes(minted?.AccessKeyId ?? ''),
      );
  }
});

/** CloudTrail itself records session tokens; its sealed originals are kept whole (aws-domain 7), working copies are not. */
function sealedOriginal(file: string): boolean {
  return /\/evidence\/.*\/cloudTrail\/lookup-events-/.test(file);
}

/** Every event of every workflow, payloads decoded. */
async function histories({ session }: Stage): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { workflowId, runId } of session.client.workflow.list())
    found[`history of ${workflowId} ${runId}`] = readable(await session.client.workflow.getHandle(workflowId, runId).fetchHistory());
  return found;
}

function readable(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(readable).join('\n');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .flatMap(([key, part]) => [key, readable(part)])
      .join('\n');
  return typeof value === 'string' ? value : '';
}

/** Everything in the data folder but the keys themselves. */
async function filesOf({ env }: Stage): Promise<Record<string, string>> {
  const entries = await readdir(env.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.filter((file) => !file.startsWith(env.keyDir)).map(async (file) => [file, await readFile(file, 'utf8')]),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

async function signingKeys({ env }: Stage): Promise<Record<string, string>> {
  const files = (await readdir(env.keyDir)).filter((file) => file.endsWith('.private.json'));
  const keys = files.map(async (file) => {
    const { d } = JSON.parse(await readFile(join(env.keyDir, file), 'utf8')) as { d: string };
    return [`signing key ${file}`, d];
  });
  return Object.fromEntries(await Promise.all(keys)) as Record<string, string>;
}
