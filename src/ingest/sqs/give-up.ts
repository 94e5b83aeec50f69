import type { Message } from '@aws-sdk/client-sqs';
import type { RejectedStore } from '../../ports/rejected-store.js';
import type { Logger } from '../../telemetry/logger.js';
import { rejectedMessage } from '../rejected-message.js';
import { reasonOf } from './message-fault.js';

/** Attempts at a message that is at fault itself; each is after a longer pause. */
const MOST_FAULTS = 5;
/** Messages whose faults are remembered; the oldest are forgotten, and only tried more often. */
const FAULTS_KEPT = 1_000;

export interface GiveUpDeps {
  readonly rejected: Pick<RejectedStore, 'put'>;
  readonly logger: Pick<Logger, 'error'>;
  readonly now: () => Date;
}

/**
 * Makes the decision about a message that failed for what it is: tried again, and in the end put into the rejected store
 * with the reason. What cannot be kept there stays in the queue.
 */
export function createGiveUp({ rejected, logger, now }: GiveUpDeps): (message: Message, error: unknown) => Promise<'left' | 'rejected'> {
  const faults = new Map<string, number>();

  return async ({ MessageId: id = '', Body: body = '' }, error) => {
    const count = (faults.get(id) ?? 0) + 1;
    faults.delete(id);
    if (count < MOST_FAULTS) {
      faults.set(id, count);
      if (faults.size > FAULTS_KEPT) faults.delete([...faults.keys()].at(0) ?? id);
      return 'left';
    }
    const reason = `the alert could not be taken in: ${reasonOf(error)}`;
    try {
      await rejected.put(rejectedMessage(body, { reason, at: now() }));
    } catch (failure) {
      logger.error({ reason: reasonOf(failure) }, 'a message that cannot be taken in could not be kept: it stays in the queue');
      return 'left';
    }
    logger.error({ reason }, 'a message was given up');
    return 'rejected';
  };
}
