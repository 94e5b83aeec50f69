import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { packagePath } from './paths.js';

const OptionalText = z.string().min(1).optional();
const HttpUrl = z
  .string()
  .regex(/^https?:\/\/[^\s]+$/, 'must be an http(s) URL')
  .optional();
const MailAddress = z.string().regex(/^[^\s@<>,;:"()[\]\\]+@[A-Za-z0-9.-]+$/, 'must be one e-mail address');

/** Variables that mean nothing without others. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  TOURNIQUET_JIRA_URL: ['TOURNIQUET_JIRA_EMAIL', 'TOURNIQUET_JIRA_TOKEN'],
  TOURNIQUET_SMTP_URL: ['TOURNIQUET_MAIL_FROM'],
  TOURNIQUET_URL: ['TOURNIQUET_TOKEN'],
};

/** Shared secrets of alert sources, named by `callers.yaml`. */
const SOURCE_SECRET = /^TOURNIQUET_SECRET_[A-Z0-9_]{1,60}$/;

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
  TOURNIQUET_JIRA_URL: z
    .string()
    .regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:|\/|$))[^\s@?#]*$/, 'must be an https URL without credentials')
    .refine((url) => URL.canParse(url), 'must be a URL')
    .optional(),
  TOURNIQUET_JIRA_EMAIL: MailAddress.optional(),
  TOURNIQUET_JIRA_TOKEN: OptionalText,
  TOURNIQUET_JIRA_PROJECT: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'must be a Jira project key')
    .default('SEC'),
  TOURNIQUET_JIRA_ISSUE_TYPE: z.string().min(1).max(60).default('Task'),
  TOURNIQUET_SLACK_WEBHOOK_URL: HttpUrl,
  TOURNIQUET_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'must be an smtp(s) URL')
    .refine((url) => URL.canParse(url), 'must be a URL')
    .optional(),
  TOURNIQUET_MAIL_FROM: MailAddress.optional(),
  TOURNIQUET_UI_URL: HttpUrl,
  TOURNIQUET_ALERT_QUEUE_URL: HttpUrl,
  TOURNIQUET_URL: z
    .string()
    .regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:|\/|$))[^\s@?#]*$/, 'must be an https URL without credentials')
    .refine((url) => URL.canParse(url), 'must be a URL')
    .optional(),
  TOURNIQUET_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,16384}$/, 'must be a token in one line')
    .optional(),
  TOURNIQUET_RESTORER_PROFILE: OptionalText,
  TOURNIQUET_COLLECTOR_PROFILE: OptionalText,
  TOURNIQUET_EVIDENCE_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name')
    .optional(),
  TOURNIQUET_EVIDENCE_MODE: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
  TOURNIQUET_EVIDENCE_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),
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
  /** Where tickets go; Markdown files in the data folder when not set. `token` is secret. */
  readonly jira:
    | { readonly url: string; readonly email: string; readonly token: string; readonly project: string; readonly issueType: string }
    | undefined;
  /** Secret: whoever has it can post. */
  readonly slackWebhookUrl: string | undefined;
  /** `smtpUrl` may hold a password. */
  readonly mail: { readonly smtpUrl: string; readonly from: string } | undefined;
  /** The SQS queue that alerts come through; the main worker consumes it. */
  readonly alertQueueUrl: string | undefined;
  /** Temporal UI, for links in tickets. */
  readonly uiUrl: string | undefined;
  /** The API that the CLI speaks to in place of Temporal. `token` is secret. */
  readonly api: { readonly url: string; readonly token: string } | undefined;
  /** By variable name. Secret. */
  readonly sourceSecrets: Readonly<Record<string, string>>;
  /** Named AWS profiles of the identities that remove and issue, and that put evidence; the worker's own where not set. */
  readonly restorerProfile: string | undefined;
  readonly collectorProfile: string | undefined;
  /** The bucket with Object Lock that evidence goes to; the data folder when not set. */
  readonly evidence: { readonly bucket: string; readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly retentionDays: number } | undefined;
}

/**
 * Reads and checks the environment. The only reader of `process.env` besides `childEnvironment`.
 *
 * @throws Error naming every bad variable at once, never its value.
 */
export function loadEnv(source: NodeJS.ProcessEnv = process.env): Env {
  // An empty variable means "not set": that is how compose files and CI unset one.
  const set = Object.entries(source).filter(([, value]) => value !== undefined && value !== '');
  const own = set.filter(([name]) => name.startsWith('TOURNIQUET_'));
  const ours = OurVariables.safeParse(Object.fromEntries(own.filter(([name]) => !SOURCE_SECRET.test(name))));
  const shared = SharedVariables.safeParse(Object.fromEntries(set));
  const lonely = missingCompanions(new Set(set.map(([name]) => name)));
  if (!ours.success || !shared.success || lonely.length > 0) {
    const bad = [ours.error, shared.error].flatMap((error) => (error ? describe(error) : []));
    throw new Error(`bad configuration: ${[...bad, ...lonely].join('; ')}`);
  }
  return { ...fromVariables(ours.data, shared.data), sourceSecrets: secretsIn(own) };
}

function secretsIn(own: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(own.flatMap(([name, value]) => (value !== undefined && SOURCE_SECRET.test(name) ? [[name, value]] : [])));
}

function fromVariables(own: z.infer<typeof OurVariables>, shared: z.infer<typeof SharedVariables>): Omit<Env, 'sourceSecrets'> {
  const dataDir = resolve(own.TOURNIQUET_DATA_DIR ?? '.tourniquet');
  return {
    dataDir,
    keyDir: resolve(own.TOURNIQUET_KEY_DIR ?? join(dataDir, 'keys')),
    awsEndpoint: own.TOURNIQUET_AWS_ENDPOINT,
    uiUrl: own.TOURNIQUET_UI_URL?.replace(/\/+$/, ''),
    alertQueueUrl: own.TOURNIQUET_ALERT_QUEUE_URL,
    restorerProfile: own.TOURNIQUET_RESTORER_PROFILE,
    collectorProfile: own.TOURNIQUET_COLLECTOR_PROFILE,
    policyDir: resolve(own.TOURNIQUET_POLICY_DIR ?? packagePath('src', 'playbooks')),
    waits: own.TOURNIQUET_WAITS,
    playbookId: own.TOURNIQUET_PLAYBOOK,
    awsRegions: own.TOURNIQUET_AWS_REGIONS.split(','),
    logLevel: own.TOURNIQUET_LOG_LEVEL,
    subject: own.TOURNIQUET_SUBJECT,
    identity: own.TOURNIQUET_IDENTITY ?? `tourniquet@${hostname()}:${process.pid}`,
    temporalAddress: shared.TEMPORAL_ADDRESS,
    temporalCli: shared.TEMPORAL_CLI,
    temporalTestServer: shared.TEMPORAL_TEST_SERVER,
    cacheDir: join(shared.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tourniquet'),
    path: shared.PATH,
    api: apiOf(own),
    ...peopleSystems(own),
    evidence: evidenceBucket(own),
  };
}

/** Tickets and channels that are set. */
function peopleSystems(own: z.infer<typeof OurVariables>): Pick<Env, 'jira' | 'slackWebhookUrl' | 'mail'> {
  const { TOURNIQUET_JIRA_URL: url, TOURNIQUET_JIRA_EMAIL: email, TOURNIQUET_JIRA_TOKEN: token } = own;
  const { TOURNIQUET_JIRA_PROJECT: project, TOURNIQUET_JIRA_ISSUE_TYPE: issueType } = own;
  const { TOURNIQUET_SMTP_URL: smtpUrl, TOURNIQUET_MAIL_FROM: from } = own;
  return {
    jira: url === undefined || email === undefined || token === undefined ? undefined : { url, email, token, project, issueType },
    slackWebhookUrl: own.TOURNIQUET_SLACK_WEBHOOK_URL,
    mail: smtpUrl === undefined || from === undefined ? undefined : { smtpUrl, from },
  };
}

function apiOf({ TOURNIQUET_URL: url, TOURNIQUET_TOKEN: token }: z.infer<typeof OurVariables>): Env['api'] {
  return url === undefined || token === undefined ? undefined : { url: url.replace(/\/+$/, ''), token };
}

function evidenceBucket(own: z.infer<typeof OurVariables>): Env['evidence'] {
  const { TOURNIQUET_EVIDENCE_BUCKET: bucket, TOURNIQUET_EVIDENCE_MODE: mode, TOURNIQUET_EVIDENCE_RETENTION_DAYS: retentionDays } = own;
  return bucket === undefined ? undefined : { bucket, mode, retentionDays };
}

function missingCompanions(set: ReadonlySet<string>): string[] {
  return Object.entries(COMPANIONS).flatMap(([name, needed]) =>
    set.has(name) ? needed.filter((one) => !set.has(one)).map((one) => `${one}: must be set with ${name}`) : [],
  );
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
