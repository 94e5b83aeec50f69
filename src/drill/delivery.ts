import { join } from 'node:path';
import { createLocalAuthority } from '../adapters/authority/local.js';
import { createFileRejectedStore } from '../adapters/rejected/file.js';
import { receiveAlert } from '../ingest/receive.js';
import { createPolicies } from '../playbooks/load.js';
import { readParseSettings } from '../playbooks/parse-settings.js';
import type { Narrator } from './narrator.js';
import type { Stage } from './stage.js';

/** Hands what the range's alarm sends to the product, and says what became of it. */
export function createDelivery({ env, session }: Stage, narrator: Narrator): (message: unknown) => Promise<void> {
  const policies = createPolicies(env.policyDir);
  const deps = {
    authority: createLocalAuthority({ keyDir: env.keyDir, people: policies.people }),
    settings: () => readParseSettings(policies),
    rejected: createFileRejectedStore(join(env.dataDir, 'rejected')),
    client: session.client,
    now: () => new Date(),
  };
  return async (message) => {
    const received = await receiveAlert(JSON.stringify(message), deps);
    if (!received.accepted) return narrator.say('drill', 'ingest', `rejected: ${received.reason}`);
    for (const { alert, duplicate } of received.intakes)
      narrator.say('drill', 'ingest', `${alert.source} ${alert.type}${duplicate ? ' (delivered again: nothing starts)' : ''}`);
  };
}
