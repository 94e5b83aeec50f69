import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { readQuarantineScps } from '../../activities/aws/write-quarantine-scp.js';
import { createActivities } from '../../activities/create-activities.js';
import type { Activities } from '../../activities/index.js';
import { createLocalAuthority } from '../adapters/authority/local.js';
import { evidenceClients, restorerClients } from '../adapters/aws/client-sets.js';
import { createAwsClients } from '../adapters/aws/clients.js';
import { createLookupEvents } from '../adapters/cloudtrail/lookup-events.js';
import { createFileRecordStore } from '../adapters/records/file.js';
import { createQuarantineScps } from '../adapters/temporal/quarantine-scps.js';
import { createGuardClient } from '../adapters/temporal/guard-client.js';
import { createSecretsManagerVault } from '../adapters/vault/secrets-manager.js';
import type { Env } from '../config/env.js';
import type { OrganizationConfig } from '../contracts/organization.js';
import { createPolicies } from '../playbooks/load.js';
import { reportWriter } from '../report/index.js';
import { createAwsAccess } from './aws-access.js';
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
  /** `organization.yaml` as it was when the worker started. */
  readonly organization?: OrganizationConfig | undefined;
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
  const access = createAwsAccess(identities, input.organization);
  const { main, respond, restore, lookup } = createActivities({
    access,
    scps: createQuarantineScps({
      client,
      policyIds: async () => (await policies.organization())?.quarantinePolicyIds ?? [],
      contents: () => readQuarantineScps({ access, organization: policies.organization }),
    }),
    restorer: (scope) => {
      const { secrets, ...clients } = restorerClients(access, scope, HOME_REGION);
      return { ...clients, vault: createSecretsManagerVault(secrets) };
    },
    evidenceClients: (scope) => evidenceClients(access, scope),
    callerOf: (credentials) => createAwsClients({ endpoint: env.awsEndpoint, credentials }).sts,
    history: createLookupEvents({
      clientFor: (region, account) => access.cloudTrail({ account, role: 'Reader' }, region),
      regions: env.awsRegions,
    }),
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
