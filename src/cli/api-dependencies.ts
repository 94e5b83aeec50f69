import { join } from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { createAwsClients, type AwsClientOptions } from '../adapters/aws/clients.js';
import { createFileEvidenceStore } from '../adapters/evidence/file.js';
import { createFileRecordStore } from '../adapters/records/file.js';
import type { ApiDeps, Probe } from '../api/api-deps.js';
import type { Env } from '../config/env.js';
import type { Callers } from '../contracts/callers.js';
import type { Session } from '../incidents/session.js';
import { createSnsVerifier } from '../ingest/sns/verify.js';
import { loadCallers } from '../playbooks/load-callers.js';
import type { SnsVerifier } from '../ports/sns-verifier.js';
import type { Logger } from '../telemetry/logger.js';
import { workingFolder } from '../worker/evidence-stores.js';
import { receiveDepsOf } from '../worker/receive-deps.js';
import { createTickets } from '../worker/people-systems.js';
import { localTokens, localTrust } from './dependencies.js';
import { knownSources } from './known-sources.js';

/** Below readiness's own limit, so that the reason is told. */
const PROBE_WITHIN_MS = 2_500;

/** What the API server starts from. */
export interface ServeInput {
  readonly env: Env;
  readonly session: Session;
  readonly logger: Logger;
  /** Makes the check of SNS's signatures for these topics. @default by AWS's certificates */
  readonly sns?: (topicArns: readonly string[]) => SnsVerifier;
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
  const sns = snsVerifier(callers, input);
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
function snsVerifier({ sources }: Callers, { sns = verifierOf }: ServeInput): SnsVerifier | undefined {
  const topicArns = sources.flatMap((source) => (source.auth === 'sns' ? source.topicArns : []));
  return topicArns.length === 0 ? undefined : sns(topicArns);
}

function verifierOf(allowedTopicArns: readonly string[]): SnsVerifier {
  return createSnsVerifier({ allowedTopicArns });
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
