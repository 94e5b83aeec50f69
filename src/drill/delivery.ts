import { receiveAlert } from '../ingest/receive.js';
import { receiveDepsOf } from '../worker/receive-deps.js';
import type { Narrator } from './narrator.js';
import type { Stage } from './stage.js';

/** Hands what the range's alarm sends to the product, and says what became of it. */
export function createDelivery({ env, session }: Stage, narrator: Narrator): (message: unknown) => Promise<void> {
  const deps = receiveDepsOf(env, session.client);
  return async (message) => {
    const received = await receiveAlert(JSON.stringify(message), await deps);
    if (!received.accepted) return narrator.say('drill', 'ingest', `rejected: ${received.reason}`);
    for (const { alert, duplicate } of received.intakes)
      narrator.say('drill', 'ingest', `${alert.source} ${alert.type}${duplicate ? ' (delivered again: nothing starts)' : ''}`);
  };
}
