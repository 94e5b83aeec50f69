import { setTimeout as delay } from 'node:timers/promises';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { readEvidenceFolder } from '../../src/adapters/evidence/read-folder.js';
import type { IncidentState } from '../../src/contracts/incident.js';
import { verifyEvidence } from '../../src/domain/evidence/verify.js';
import { createRandom } from '../../src/range/random/random.js';
import { castOf } from '../fixtures/lab/cast.js';
import { createLab, type Lab, until } from '../fixtures/lab/lab.js';
import { setMode } from '../fixtures/lab/people.js';

const SEED = 29;
const KILLS = 10;
/** Seeded pauses between a start of the worker and its end. */
const ALIVE_MS = { min: 3_000, max: 32_000 };

test('SIGKILL of the worker at ten seeded moments of the whole run: one ticket, one new key that works, one evidence set with a valid manifest', async () => {
  const messages: unknown[] = [];
  const lab = await createLab({
    worker: 'child',
    seed: SEED,
    waits: 'drill-waits',
    playbookId: 'compromised-credentials',
    attackerMakes: true,
    onAlert: (message) => void messages.push(message),
  });
  try {
    await setMode(lab, 'approve');
    lab.range.startActors();
    const cast = await castOf(lab);
    const killing = killTenTimes(lab);
    const state = await play(lab, { messages, act: (incident) => cast.act(incident) });
    const rows = await killing;
    process.stdout.write(`\nkilled at\n${rows.join('\n')}\n`);

    expect(state.closing?.outcome).toBe('resolved');
    expect(lab.range.attackerAccess().filter(({ alive }) => alive)).toEqual([]);
    expect((await readdir(join(lab.stage.env.dataDir, 'tickets'))).filter((name) => !name.endsWith('-F'))).toEqual([state.incidentId]);
    expect(await workingKeysOf(lab)).toEqual({ active: 1, stored: 1, works: true, old: 'gone or Inactive' });
    const folder = join(lab.stage.env.dataDir, 'evidence');
    const verified = await verifyEvidence(await readEvidenceFolder(folder));
    expect(verified.problems).toEqual([]);
    expect(state.evidence?.map(({ collectionId }) => collectionId)).toEqual(['c01', 'c02']);
  } finally {
    await lab.close();
  }
});

async function killTenTimes(lab: Lab): Promise<string[]> {
  const random = createRandom(SEED);
  const rows: string[] = [];
  const startMs = Date.now();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await delay(ALIVE_MS.min + random.next() * (ALIVE_MS.max - ALIVE_MS.min));
    const state = await lab.incident().catch(() => undefined);
    const running = Object.values(state?.steps ?? {}).filter(({ status }) => status === 'running');
    rows.push(`${((Date.now() - startMs) / 1000).toFixed(1)} s, running ${running.map(({ stepId }) => stepId).join(', ') || 'nothing'}`);
    if (state?.closing !== undefined) break;
    await lab.worker().kill();
    await lab.restartWorker();
  }
  return rows;
}

function play(lab: Lab, { messages, act }: { messages: unknown[]; act: (state: IncidentState) => void }): Promise<IncidentState> {
  const look = async (): Promise<IncidentState | undefined> => {
    for (const message of messages.splice(0)) await lab.receive(message);
    const state = await lab.incident().catch(() => undefined);
    if (state === undefined) return undefined;
    act(state);
    return state.phase === 'closed' && state.files !== undefined ? state : undefined;
  };
  return until('it is closed', look, { withinMs: 900_000, everyMs: 500 });
}

/** What AWS has of the user's keys, and whether the stored secret works. */
async function workingKeysOf({ range }: Lab): Promise<{ active: number; stored: number; works: boolean; old: string }> {
  const base = { region: 'us-east-1', endpoint: range.endpoint };
  const { admin, leaked } = range.identities;
  const iam = new IAMClient({ ...base, credentials: admin });
  const secrets = new SecretsManagerClient({ ...base, credentials: admin });
  const { AccessKeyMetadata: keys = [] } = await iam.send(new ListAccessKeysCommand({ UserName: leaked.userName }));
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: SecretList[0]?.ARN }));
  const stored: unknown = JSON.parse(SecretString);
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = stored as Record<string, string>;
  const sts = new STSClient({ ...base, credentials: { accessKeyId, secretAccessKey } });
  const works = (await sts.send(new GetCallerIdentityCommand({}))).Arn?.endsWith(`/${leaked.userName}`) === true;
  const active = keys.filter(({ Status }) => Status === 'Active');
  const old = keys.find(({ AccessKeyId }) => AccessKeyId === leaked.accessKeyId)?.Status ?? 'gone';
  return { active: active.length, stored: SecretList.length, works, old: old === 'Active' ? 'ACTIVE' : 'gone or Inactive' };
}
