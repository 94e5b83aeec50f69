import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createActivities } from '../../activities/create-activities.js';
import type { Activities } from '../../activities/index.js';
import { createLocalAuthority } from '../adapters/authority/local.js';
import { createAwsClients, createEvidenceClients, createRestorerClients } from '../adapters/aws/clients.js';
import { createLookupEvents } from '../adapters/cloudtrail/lookup-events.js';
import { createFileRecordStore } from '../adapters/records/file.js';
import { createGuardClient } from '../adapters/temporal/guard-client.js';
import { createSecretsManagerVault } from '../adapters/vault/secrets-manager.js';
import type { Env } from '../config/env.js';
import { createPolicies } from '../playbooks/load.js';
import { reportWriter } from '../report/index.js';
import { type AwsKeys, awsIdentities } from './aws-identities.js';
import { createEvidenceStores } from './evidence-stores.js';
import { createNotifiers, createTickets } from './people-systems.js';

/** What the composition root starts from. */
export interface WiringInput {
  readonly env: Env;
  readonly client: Client;
  readonly namespace: string;
  /** Where the terminal notifier prints. */
  readonly print: (line: string) => void;
  /** Overrides the SDK's default chain: a range's identities. */
  readonly awsCredentials?: AwsKeys;
}

export { notificationJournal } from './people-systems.js';

/** AWS region of the new secrets; IAM itself has none. */
const HOME_REGION = 'us-east-1';

/** Wires every activity: the one place where ports meet adapters. */
export function createWorkerActivities(input: WiringInput): Activities {
  const { env, client, print } = input;
  const policies = createPolicies(env.policyDir, { uiUrl: env.uiUrl });
  const identities = awsIdentities(env, input.awsCredentials);
  const aws = createAwsClients(identities.responder);
  const restorer = createRestorerClients(identities.restorer);
  const { main, respond, restore, lookup } = createActivities({
    // One identity for reading and containing; both are wired apart so that each can get its own.
    reader: aws,
    responder: aws,
    restorer: { ...restorer, vault: createSecretsManagerVault(restorer.secrets(HOME_REGION)) },
    evidenceClients: createEvidenceClients(identities.responder),
    callerOf: (credentials) => createAwsClients({ endpoint: env.awsEndpoint, credentials }).sts,
    history: createLookupEvents({ clientFor: aws.cloudTrail, regions: env.awsRegions }),
    policies,
    authority: createLocalAuthority({ keyDir: env.keyDir, people: policies.people }),
    guard: createGuardClient(client),
    workflows: client.workflow,
    notifiers: createNotifiers(env, { policies, print }),
    tickets: createTickets(env),
    ...createEvidenceStores(env, identities),
    records: createFileRecordStore(join(env.dataDir, 'records')),
    report: reportWriter,
    playbookId: env.playbookId,
    waitsName: env.waits,
    nowMs: Date.now,
  });
  return { ...main, ...respond, ...restore, ...lookup };
}
