import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { createAwsClients, type AwsClientOptions } from '../adapters/aws/clients.js';
import { createFileEvidenceStore } from '../adapters/evidence/file.js';
import { createFileRecordStore } from '../adapters/records/file.js';
import type { ApiDeps, KnownSource, Probe } from '../api/api-deps.js';
import type { Env } from '../config/env.js';
import type { Callers, SourceCaller } from '../contracts/callers.js';
import type { Session } from '../incidents/session.js';
import { createSnsVerifier } from '../ingest/sns/verify.js';
import { loadCallers } from '../playbooks/load-callers.js';
import type { SnsVerifier } from '../ports/sns-verifier.js';
import type { Logger } from '../telemetry/logger.js';
import { workingFolder } from '../worker/evidence-stores.js';
import { receiveDepsOf } from '../worker/receive-deps.js';
import { createTickets } from '../worker/people-systems.js';
import { CliError, EXIT } from './cli-error.js';
import { localTokens, localTrust } from './dependencies.js';

/** A guessed HMAC secret opens incidents: as long as the hash. */
const LEAST_SECRET_BYTES = 32;
/** Below readiness's own limit, so that the reason is told. */
const PROBE_WITHIN_MS = 2_500;

/** What the API server starts from. */
export interface ServeInput {
  readonly env: Env;
  readonly session: Session;
  readonly logger: Logger;
  readonly sns?: SnsVerifier | undefined;
  /** Overrides the SDK's default chain: a range's identity. */
  readonly awsCredentials?: AwsClientOptions['credentials'];
}

/**
 * Wires the API server; makes the keys of this installation when they are missing.
 *
 * @throws CliError, PlaybookInvalid: callers.yaml or a secret it names is not as expected.
 */
export async function createApiDeps(input: ServeInput): Promise<ApiDeps> {
  const { env, session, logger } = input;
  const callers = await loadCallers(env.policyDir);
  const sns = input.sns ?? snsOf(callers);
  const { policies, authority } = localTrust(env);
  const now = (): Date => new Date();
  return {
    session,
    receive: await receiveDepsOf(env, session.client, now),
    authority,
    policies,
    tokens: localTokens(env),
    sources: await knownSources(callers, env),
    oidc: callers.oidc,
    sns,
    records: createFileRecordStore(join(env.dataDir, 'records')),
    working: createFileEvidenceStore(workingFolder(env.dataDir)),
    probes: { temporal: temporalProbe(session), aws: awsProbe(input), tickets: ticketProbe(env) },
    logger,
    now,
  };
}

/** The check of SNS's signatures, for all the topics that may send. */
function snsOf({ sources }: Callers): SnsVerifier | undefined {
  const allowedTopicArns = sources.flatMap((caller) => (caller.auth === 'sns' ? caller.topicArns : []));
  return allowedTopicArns.length === 0 ? undefined : createSnsVerifier({ allowedTopicArns });
}

async function knownSources({ sources }: Callers, env: Env): Promise<KnownSource[]> {
  return Promise.all(
    sources.map(async (caller) => (caller.auth === 'hmac' ? { caller, secret: await secretOf(caller, env) } : { caller })),
  );
}

/** Never told: only where it was looked for and what is wrong. */
async function secretOf({ name, secretEnv, secretFile }: Extract<SourceCaller, { auth: 'hmac' }>, env: Env): Promise<string> {
  const where = secretEnv ?? secretFile ?? 'nowhere';
  const secret = secretEnv === undefined ? await readSecret(secretFile ?? '') : env.sourceSecrets[secretEnv];
  if (secret === undefined) throw new CliError(`callers.yaml: source ${name}: there is no secret in ${where}`, EXIT.usage);
  if (Buffer.byteLength(secret) < LEAST_SECRET_BYTES)
    throw new CliError(
      `callers.yaml: source ${name}: the secret in ${where} is too short: expected at least ${LEAST_SECRET_BYTES} bytes`,
      EXIT.usage,
    );
  return secret;
}

async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

function temporalProbe({ connection, namespace }: Session): Probe {
  return async () => {
    try {
      await connection.withDeadline(Date.now() + PROBE_WITHIN_MS, () => connection.workflowService.describeNamespace({ namespace }));
      return 'reachable, with its namespace';
    } catch (error) {
      throw new Error('Temporal does not answer, or has no such namespace', { cause: error });
    }
  };
}

function awsProbe({ env, awsCredentials: credentials }: ServeInput): Probe {
  const { sts } = createAwsClients({ endpoint: env.awsEndpoint, ...(credentials === undefined ? {} : { credentials }) });
  return async () => {
    try {
      await sts.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(PROBE_WITHIN_MS) });
      return 'the identity is accepted';
    } catch (error) {
      throw new Error(`no identity: ${error instanceof Error ? error.name : 'unknown error'}`, { cause: error });
    }
  };
}

function ticketProbe(env: Env): Probe {
  const tickets = createTickets(env);
  return async () => {
    const missing = await tickets.check();
    if (missing.length > 0) throw new Error(`${tickets.name}: ${missing.join('; ')}`);
    return tickets.name;
  };
}
