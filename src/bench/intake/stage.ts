import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { stringify } from 'yaml';
import { createAwsClients } from '../../adapters/aws/clients.js';
import { createFileTokenStore } from '../../adapters/tokens/file.js';
import { listen } from '../../api/listen.js';
import { createApiServer } from '../../api/server.js';
import { createApiDeps } from '../../cli/api-dependencies.js';
import { type Env, loadEnv } from '../../config/env.js';
import { connectClient } from '../../config/temporal.js';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import type { Session } from '../../incidents/session.js';
import { type Range, startRange } from '../../range/index.js';
import { createLogger } from '../../telemetry/logger.js';
import { startDevServer } from '../../temporal-server/index.js';
import { SOURCES, type Suspect } from './storm.js';

const SENDER = 'storm';
const DAY_MS = 24 * 3_600_000;

/** Everything a storm blows against. */
export interface IntakeStage {
  readonly env: Env;
  readonly range: Range;
  readonly session: Session;
  /** `http://127.0.0.1:…` of the API. */
  readonly apiUrl: string;
  /** What a sender shows. */
  readonly token: string;
  readonly suspects: readonly Suspect[];
  readonly close: () => Promise<void>;
}

/** Sets up a Temporal server, a range with users to be about, and the API; nobody works yet. */
export async function setIntakeStage({ users, seed }: { users: number; seed: number }): Promise<IntakeStage> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.toReversed()) await end();
  };
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'tourniquet-intake-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    const server = await startDevServer({ dataDir, searchAttributes: Object.values(SEARCH_ATTRIBUTES) });
    closers.push(() => server.stop());
    const range = await startRange({ seed, port: 0 });
    closers.push(() => range.stop());
    const env = await envFor({ dataDir, range, temporalAddress: server.address });
    const session = await connectClient({ address: server.address, identity: 'tourniquet-bench' });
    closers.push(() => session.connection.close());
    const deps = await createApiDeps({ env, session, logger: createLogger(env.logLevel), awsCredentials: range.identities.responder });
    const api = await listen(await createApiServer(deps), { host: '127.0.0.1', port: 0 });
    closers.push(() => api.stop());
    return { env, range, session, apiUrl: api.url, token: await senderToken(env), suspects: await makeUsers(range, users), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The shipped policies, and callers who may send what the storm has. */
async function envFor(given: { dataDir: string; range: Range; temporalAddress: string }): Promise<Env> {
  const { dataDir, range, temporalAddress } = given;
  const base = loadEnv({});
  const policyDir = join(dataDir, 'policies');
  await cp(base.policyDir, policyDir, { recursive: true });
  const callers = { version: '1', sources: [{ name: SENDER, auth: 'bearer', accepts: Object.keys(SOURCES) }] };
  await writeFile(join(policyDir, 'callers.yaml'), stringify(callers));
  const keyDir = join(dataDir, 'keys');
  return { ...base, dataDir, keyDir, policyDir, awsEndpoint: range.endpoint, temporalAddress, waits: 'drill-waits', logLevel: 'fatal' };
}

async function senderToken({ keyDir }: Env): Promise<string> {
  const nowMs = Date.now();
  const { token } = await createFileTokenStore(join(keyDir, 'tokens.json')).create({
    subject: SENDER,
    roles: ['sender'],
    createdAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + DAY_MS).toISOString(),
  });
  return token;
}

async function makeUsers(range: Range, count: number): Promise<Suspect[]> {
  const { iam } = createAwsClients({ endpoint: range.endpoint, credentials: range.identities.admin });
  const suspects: Suspect[] = [];
  for (let index = 0; index < count; index += 1) {
    const userName = `storm-${index}`;
    const { User } = await iam.send(new CreateUserCommand({ UserName: userName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
    suspects.push({ account: range.accountId, userName, userId: User?.UserId ?? '', accessKeyId: AccessKey?.AccessKeyId ?? '' });
  }
  return suspects;
}

/** Where deliveries of a storm go: one sender hands in all kinds. */
export function toApi({ apiUrl, token }: IntakeStage): (delivery: { body: string }) => Request {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return ({ body }) => new Request(`${apiUrl}/v1/alerts/${SENDER}`, { method: 'POST', headers, body });
}
