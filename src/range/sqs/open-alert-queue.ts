import type { World } from '../build-world.js';
import type { Random } from '../random/random.js';
import type { RangeIdentities } from '../range.js';
import { arnOfBearer } from '../server/context.js';
import { createAlertQueue, type DeliverEvent } from './deliver-event.js';

/** What the alert queue of a world depends on. */
export interface OpenAlertQueueDeps {
  readonly world: Pick<World, 'tenants' | 'queuesOf'>;
  readonly identities: RangeIdentities;
  readonly random: Random;
  readonly region: string;
}

/** Makes the queue where the product would have it: beside the orchestrator, or in a standalone account beside the responder. */
export function openAlertQueue(
  name: string | undefined,
  { world, identities, random, region }: OpenAlertQueueDeps,
): { readonly url: string; readonly deliver: DeliverEvent } | undefined {
  if (name === undefined) return undefined;
  const { orchestrator, responder } = identities;
  const consumer = orchestrator ?? responder;
  const home = world.tenants.accounts().find(({ credentials }) => credentials.find(consumer.accessKeyId) !== undefined);
  const credential = home?.credentials.find(consumer.accessKeyId);
  if (home === undefined || credential === undefined) throw new Error('the consumer of the alert queue has no account');
  const consumerArn = arnOfBearer(credential.bearer);
  return createAlertQueue(name, { queues: world.queuesOf(home.id), random, accountId: home.id, region, consumerArn });
}
