import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { packagePath } from './paths.js';

const OptionalText = z.string().min(1).optional();
const HttpUrl = z
  .string()
  .regex(/^https?:\/\/[^\s]+$/, 'must be an http(s) URL')
  .optional();

/** Ours only; AWS's and Temporal's own variables are read by their SDKs. */
const OurVariables = z.strictObject({
  TOURNIQUET_DATA_DIR: OptionalText,
  TOURNIQUET_KEY_DIR: OptionalText,
  TOURNIQUET_AWS_ENDPOINT: HttpUrl,
  TOURNIQUET_POLICY_DIR: OptionalText,
  TOURNIQUET_WAITS: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a waits file without .yaml')
    .default('waits'),
  TOURNIQUET_PLAYBOOK: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a playbook file without .yaml')
    .default('compromised-credentials'),
  TOURNIQUET_AWS_REGIONS: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d(,[a-z]{2}(-[a-z]+)+-\d)*$/, 'must be region names separated by commas')
    .default('us-east-1'),
  TOURNIQUET_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TOURNIQUET_SUBJECT: OptionalText,
  TOURNIQUET_IDENTITY: z.string().min(1).max(128).optional(),
});

const SharedVariables = z.object({
  TEMPORAL_ADDRESS: OptionalText,
  TEMPORAL_CLI: OptionalText,
  TEMPORAL_TEST_SERVER: OptionalText,
  XDG_CACHE_HOME: OptionalText,
  PATH: z.string().default(''),
});

/** The whole configuration from the environment; see the README's table. */
export interface Env {
  /** Journal, records, evidence, rejected alerts, the embedded server's database. */
  readonly dataDir: string;
  /** Private keys of the local authority. */
  readonly keyDir: string;
  /** Set only for a range; otherwise the AWS SDK's own endpoints. */
  readonly awsEndpoint: string | undefined;
  readonly policyDir: string;
  /** Which waits file of the policy folder new incidents are pinned to. */
  readonly waits: string;
  /** Playbook of new incidents. */
  readonly playbookId: string;
  /** Regions whose CloudTrail is read; us-east-1 always is. */
  readonly awsRegions: readonly string[];
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Who acts, where a command has no `--as`. */
  readonly subject: string | undefined;
  /** Temporal identity of this process; shown in the UI. */
  readonly identity: string;
  readonly temporalAddress: string | undefined;
  readonly temporalCli: string | undefined;
  readonly temporalTestServer: string | undefined;
  /** Fetched and built tools. */
  readonly cacheDir: string;
  readonly path: string;
}

/**
 * Reads and checks the environment. The only reader of `process.env` besides `childEnvironment`.
 *
 * @throws Error naming every bad variable at once, never its value.
 */
export function loadEnv(source: NodeJS.ProcessEnv = process.env): Env {
  // An empty variable means "not set": that is how compose files and CI unset one.
  const set = Object.entries(source).filter(([, value]) => value !== undefined && value !== '');
  const ours = OurVariables.safeParse(Object.fromEntries(set.filter(([name]) => name.startsWith('TOURNIQUET_'))));
  const shared = SharedVariables.safeParse(Object.fromEntries(set));
  if (!ours.success || !shared.success) {
    throw new Error(`bad configuration: ${[ours.error, shared.error].flatMap((error) => (error ? describe(error) : [])).join('; ')}`);
  }
  const { data: own } = ours;
  const dataDir = resolve(own.TOURNIQUET_DATA_DIR ?? '.tourniquet');
  return {
    dataDir,
    keyDir: resolve(own.TOURNIQUET_KEY_DIR ?? join(dataDir, 'keys')),
    awsEndpoint: own.TOURNIQUET_AWS_ENDPOINT,
    policyDir: resolve(own.TOURNIQUET_POLICY_DIR ?? packagePath('src', 'playbooks')),
    waits: own.TOURNIQUET_WAITS,
    playbookId: own.TOURNIQUET_PLAYBOOK,
    awsRegions: own.TOURNIQUET_AWS_REGIONS.split(','),
    logLevel: own.TOURNIQUET_LOG_LEVEL,
    subject: own.TOURNIQUET_SUBJECT,
    identity: own.TOURNIQUET_IDENTITY ?? `tourniquet@${hostname()}:${process.pid}`,
    temporalAddress: shared.data.TEMPORAL_ADDRESS,
    temporalCli: shared.data.TEMPORAL_CLI,
    temporalTestServer: shared.data.TEMPORAL_TEST_SERVER,
    cacheDir: join(shared.data.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tourniquet'),
    path: shared.data.PATH,
  };
}

/** The environment for a tool we start: ours, with `overrides` on top. */
export function childEnvironment(overrides: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}

function describe(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${key}: no such variable`)
      : [`${issue.path.map(String).join('.')}: ${issue.message}`],
  );
}
