import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createActivities } from '../../activities/create-activities.js';
import type { Activities } from '../../activities/index.js';
import { createLocalAuthority } from '../adapters/authority/local.js';
import { createAwsClients, type AwsClients } from '../adapters/aws/clients.js';
import { createLookupEvents } from '../adapters/cloudtrail/lookup-events.js';
import { createFileEvidenceStore } from '../adapters/evidence/file.js';
import { createJournalNotifier } from '../adapters/notify/journal.js';
import { createRecordedNotifier } from '../adapters/notify/recorded.js';
import { createTerminalNotifier } from '../adapters/notify/terminal.js';
import { createFileRecordStore } from '../adapters/records/file.js';
import { createGuardClient } from '../adapters/temporal/guard-client.js';
import type { Env } from '../config/env.js';
import { createPolicies } from '../playbooks/load.js';
import type { Policies } from '../ports/policies.js';
import type { Authority } from '../ports/authority.js';
import type { EvidenceStore } from '../ports/evidence-store.js';
import type { Guard } from '../ports/guard.js';
import type { Notifier } from '../ports/notifier.js';
import type { RecordStore } from '../ports/record-store.js';

/** What the composition root starts from. */
export interface WiringInput {
  readonly env: Env;
  readonly client: Client;
  readonly namespace: string;
  /** Where the terminal notifier prints. */
  readonly print: (line: string) => void;
  /** Overrides the SDK's default chain: a range's responder. */
  readonly awsCredentials?: { accessKeyId: string; secretAccessKey: string };
}

/** Every adapter of this installation. */
export interface Adapters {
  readonly authority: Authority;
  readonly aws: AwsClients;
  readonly evidence: EvidenceStore;
  readonly guard: Guard;
  readonly notifiers: readonly Notifier[];
  readonly policies: Policies;
  readonly records: RecordStore;
}

/** File of the notification journal in the data folder. */
export function notificationJournal(dataDir: string): string {
  return join(dataDir, 'notifications.jsonl');
}

/** Builds the adapters the environment asks for. */
export function createAdapters({ env, client, print, awsCredentials }: WiringInput): Adapters {
  const policies = createPolicies(env.policyDir);
  const journal = createJournalNotifier(notificationJournal(env.dataDir));
  return {
    policies,
    authority: createLocalAuthority({ keyDir: env.keyDir, people: policies.people }),
    aws: createAwsClients({ endpoint: env.awsEndpoint, ...(awsCredentials === undefined ? {} : { credentials: awsCredentials }) }),
    evidence: createFileEvidenceStore(join(env.dataDir, 'evidence')),
    guard: createGuardClient(client),
    notifiers: [createRecordedNotifier(createTerminalNotifier(print), journal), journal],
    records: createFileRecordStore(join(env.dataDir, 'records')),
  };
}

/** Wires every activity: the one place where ports meet adapters. */
export function createWorkerActivities(input: WiringInput): Activities {
  const { policies, authority, aws, evidence, guard, notifiers, records } = createAdapters(input);
  // One responder identity for now; reading and writing are wired apart so that each can get its own.
  const { main, respond, lookup } = createActivities({
    reader: aws,
    responder: aws,
    history: createLookupEvents({ clientFor: aws.cloudTrail, regions: input.env.awsRegions }),
    policies,
    authority,
    guard,
    workflows: input.client.workflow,
    notifiers,
    evidence,
    records,
    playbookId: input.env.playbookId,
    waitsName: input.env.waits,
    nowMs: Date.now,
  });
  return { ...main, ...respond, ...lookup };
}
