import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureLocalKeys } from '../adapters/authority/local.js';
import type { CliContext, Session } from '../cli/context.js';
import type { Output } from '../cli/output.js';
import { loadEnv, type Env } from '../config/env.js';
import { connectClient } from '../config/temporal.js';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.js';
import { createPolicies } from '../playbooks/load.js';
import { isAttacker, type Range, startRange } from '../range/index.js';
import { type TemporalServer, useOrStartServer } from '../temporal-server/index.js';
import { startWorkers } from '../worker/run-workers.js';
import type { Narrator } from './narrator.js';
import type { DrillOptions } from './options.js';
import { writePolicies } from './policies.js';

/** Everything a drill runs on. `close` ends it in the reverse order. */
export interface Stage {
  readonly env: Env;
  readonly server: TemporalServer;
  readonly range: Range;
  readonly session: Session;
  /** The context of the CLI's own code path, for the cast. */
  readonly contextFor: (output: Output) => CliContext;
  readonly close: () => Promise<void>;
}

/** Short windows of `drill-waits.yaml`; the range's own delays fit inside them. */
const DRILL_WAITS = 'drill-waits';
const PROPAGATION_SECONDS = { min: 1.5, max: 3 };
const CLOUDTRAIL_DELAY_SECONDS = { min: 0.3, max: 2 };

/**
 * Sets up a drill: a Temporal server (ours, or the one `TEMPORAL_ADDRESS` names), a range over HTTP, workers with
 * the responder's identity, and signing keys for the cast. Data goes to a folder of its own.
 */
export async function setStage(options: DrillOptions, deps: { narrator: Narrator; onAlert: (message: unknown) => void }): Promise<Stage> {
  const { narrator } = deps;
  const base = loadEnv();
  const dataDir = await newFolder(join(base.dataDir, 'drills'));
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.toReversed())
      await end().catch((error: unknown) => narrator.say('drill', 'drill', `while closing: ${String(error)}`));
  };
  try {
    const server = await useOrStartServer({
      dataDir,
      searchAttributes: Object.values(SEARCH_ATTRIBUTES),
      onProgress: (text) => narrator.say('drill', 'temporal', text),
    });
    closers.push(() => server.stop());
    const range = await startRange({
      scenario: options.scenario,
      seed: options.seed,
      port: 0,
      propagationSeconds: PROPAGATION_SECONDS,
      cloudTrailDelaySeconds: CLOUDTRAIL_DELAY_SECONDS,
      attackerMakes: true,
      ...options.range,
      onAlert: deps.onAlert,
      onNarrate: ({ actor, text }) => narrator.say(isAttacker(actor) ? 'attacker' : 'range', actor, text),
    });
    closers.push(() => range.stop());
    const policyDir = await policiesFor(range, { base, dataDir });
    const env = drillEnv(base, { dataDir, policyDir, awsEndpoint: range.endpoint, temporalAddress: server.address });
    await makeKeys(env);
    const workers = await startWorkers({
      env,
      awsCredentials: range.identities,
      print: (text) => narratePage(narrator, text),
    });
    closers.push(() => workers.stop());
    const connected = await connectClient({ address: server.address, namespace: server.namespace, identity: 'tourniquet-drill' });
    closers.push(() => connected.connection.close());
    const contextFor = (output: Output): CliContext => ({
      output,
      now: () => new Date(),
      env: () => env,
      withTemporal: (work) => work(connected),
    });
    return { env, server, range, session: connected, contextFor, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The user's environment with nothing in it that reaches outside: a drill opens no real ticket and pages nobody. */
function drillEnv(base: Env, own: Pick<Env, 'dataDir' | 'policyDir' | 'awsEndpoint' | 'temporalAddress'>): Env {
  return {
    ...base,
    ...own,
    keyDir: join(own.dataDir, 'keys'),
    jira: undefined,
    slackWebhookUrl: undefined,
    mail: undefined,
    evidence: undefined,
    api: undefined,
    waits: DRILL_WAITS,
    logLevel: 'error',
  };
}

/** Named by the moment, and unique when several drills begin in it. */
async function newFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-`));
}

/** The user's policies; for an organization a copy that knows it. */
async function policiesFor(range: Range, { base, dataDir }: { base: Env; dataDir: string }): Promise<string> {
  if (range.organization === undefined) return base.policyDir;
  const folder = join(dataDir, 'policies');
  await writePolicies(folder, { from: base.policyDir, range });
  return folder;
}

/** A notification's first line; what to look at stands in the task itself. */
function narratePage(narrator: Narrator, text: string): void {
  if (!text.startsWith(' ')) narrator.say('page', 'page', text);
}

/** Everybody of `people.yaml` can sign in a drill. */
async function makeKeys({ policyDir, keyDir }: Env): Promise<void> {
  const { people } = await createPolicies(policyDir).people();
  await ensureLocalKeys(
    keyDir,
    people.map((person) => person.subject),
  );
}
