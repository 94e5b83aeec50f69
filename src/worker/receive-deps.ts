import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createLocalAuthority, ensureLocalKeys } from '../adapters/authority/local.js';
import { createFileRejectedStore } from '../adapters/rejected/file.js';
import type { Env } from '../config/env.js';
import type { ReceiveDeps } from '../ingest/receive.js';
import { createPolicies } from '../playbooks/load.js';
import { readParseSettings } from '../playbooks/parse-settings.js';

/** What taking in an alert needs. Makes ingest's key pair when it is missing. */
export async function receiveDepsOf(env: Env, client: Client, now: () => Date = () => new Date()): Promise<ReceiveDeps> {
  await ensureLocalKeys(env.keyDir, []);
  const policies = createPolicies(env.policyDir);
  return {
    authority: createLocalAuthority({ keyDir: env.keyDir, people: policies.people }),
    rejected: createFileRejectedStore(join(env.dataDir, 'rejected')),
    settings: () => readParseSettings(policies),
    client,
    now,
  };
}
