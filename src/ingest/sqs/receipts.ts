import { ChangeMessageVisibilityCommand, DeleteMessageCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from '../../telemetry/logger.js';
import { reasonOf } from './message-fault.js';
import { pauseMs, type Sleep } from './upstream.js';

/** How long a message is hidden from others while it is worked on, renewed at half of it. */
export const VISIBILITY_SECONDS = 60;
/** A message that takes longer than ten minutes is let go: somebody else may take it, and an alert starts nothing twice. */
const MOST_RENEWALS = 20;

/** What is done to a message that was received. None rejects: what fails is logged, and the message comes again. */
export interface Receipts {
  remove(message: Message): Promise<void>;
  /** Gives a message back for later: the more often it was received, the later. */
  letGo(message: Message): Promise<void>;
  /** Hides a message from others for as long as it is worked on. Ends when `done` aborts. */
  keepHidden(message: Message, done: AbortSignal): Promise<void>;
}

export interface ReceiptsDeps {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly logger: Pick<Logger, 'warn'>;
  readonly sleep: Sleep;
}

/** Makes the acts on messages of one queue. */
export function createReceipts({ sqs, queueUrl: QueueUrl, logger, sleep }: ReceiptsDeps): Receipts {
  const quietly = async (what: string, call: () => Promise<unknown>): Promise<void> => {
    await call().catch((error: unknown) => logger.warn({ reason: reasonOf(error) }, `a message could not be ${what}: it comes again`));
  };
  const hideFor = (VisibilityTimeout: number, { ReceiptHandle }: Message): Promise<unknown> =>
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));

  return {
    remove: ({ ReceiptHandle }) => quietly('deleted', () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))),
    letGo: (message) => {
      const receipts = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
      return quietly('given back', () => hideFor(Math.ceil(pauseMs(receipts) / 1000), message));
    },
    keepHidden: async (message, done) => {
      for (let renewals = 0; renewals < MOST_RENEWALS; renewals += 1) {
        await sleep(VISIBILITY_SECONDS * 500, done);
        if (done.aborted) return;
        await quietly('kept hidden', () => hideFor(VISIBILITY_SECONDS, message));
      }
    },
  };
}
