import type { Message } from '@aws-sdk/client-sqs';
import type { Logger } from '../../telemetry/logger.js';
import type { Received } from '../receive.js';
import { createGiveUp, type GiveUpDeps } from './give-up.js';
import { isFaultOfMessage, reasonOf } from './message-fault.js';
import { createReceipts, type ReceiptsDeps } from './receipts.js';
import type { Upstream } from './upstream.js';

/** What became of a message: `left` ones stay in the queue and come again. */
export type Outcome = 'accepted' | 'duplicate' | 'rejected' | 'left';

export interface MessageDeps extends ReceiptsDeps, GiveUpDeps {
  readonly receive: (body: string) => Promise<Received>;
  readonly temporal: Upstream;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Aborts when nobody waits for messages any more: what is still under way is hidden no longer. */
  readonly ended: AbortSignal;
}

/**
 * Makes what works on one message: never rejects. A message is deleted once Temporal has its alerts, or once it is in the
 * rejected store with the reason; in every other case it stays, and comes again after a pause that grows with its receipts.
 */
export function createMessageHandler(deps: MessageDeps): (message: Message) => Promise<Outcome> {
  const { temporal, logger, ended, receive } = deps;
  const receipts = createReceipts(deps);
  const giveUp = createGiveUp(deps);

  async function work(message: Message): Promise<Outcome> {
    try {
      const received = await receive(message.Body ?? '');
      if (!received.accepted) {
        logger.warn({ reason: received.reason }, 'a message was rejected');
        return 'rejected';
      }
      temporal.worked();
      return received.intakes.every(({ duplicate }) => duplicate) ? 'duplicate' : 'accepted';
    } catch (error) {
      if (isFaultOfMessage(error)) return giveUp(message, error);
      temporal.failed(reasonOf(error));
      return 'left';
    }
  }

  return async (message) => {
    const done = new AbortController();
    const renewal = receipts.keepHidden(message, AbortSignal.any([done.signal, ended]));
    const outcome = await work(message);
    done.abort();
    await renewal;
    await (outcome === 'left' ? receipts.letGo(message) : receipts.remove(message));
    return outcome;
  };
}
