import { setImmediate as turn } from 'node:timers/promises';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createLogger } from '../../../src/telemetry/logger.js';
import type { Received } from '../../../src/ingest/receive.js';
import { createSqsConsumer, type SqsConsumer, type SqsConsumerDeps } from '../../../src/ingest/sqs/consumer.js';
import type { RejectedMessage } from '../../../src/ports/rejected-store.js';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';

/** Taken in, with nothing new. */
export const ACCEPTED: Received = { accepted: true, intakes: [] };

/** The range's SQS over HTTP in virtual time, and a consumer of one queue. */
export interface Rig {
  readonly range: Range;
  readonly clock: VirtualClock;
  readonly rejected: RejectedMessage[];
  readonly logged: string[];
  send(body: string): Promise<void>;
  /** Messages in the queue: visible, and under way or waiting for their time. */
  waiting(): Promise<{ visible: number; hidden: number }>;
  /** Messages in the queue in all. */
  inQueue(): Promise<number>;
  start(change: Partial<SqsConsumerDeps> & Pick<SqsConsumerDeps, 'receive'>): SqsConsumer & { readonly stop: () => Promise<void> };
  /** Lets virtual seconds pass, each with time for calls over HTTP. */
  pass(seconds: number): Promise<void>;
  /** Lets seconds pass, 30 at most unless told otherwise, until something holds; then time stands still. */
  until(holds: () => boolean, seconds?: number): Promise<void>;
  /** Lets calls over HTTP arrive and be answered. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export async function aRig(): Promise<Rig> {
  const clock = createVirtualClock();
  const range = await startRange({ seed: 7, port: 0, clock, propagationSeconds: { min: 0, max: 0 } });
  const config = { region: 'us-east-1', endpoint: range.endpoint, credentials: range.identities.admin, maxAttempts: 1 };
  const sqs = new SQSClient(config);
  const sts = new STSClient(config);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }));
  const rejected: RejectedMessage[] = [];
  const logged: string[] = [];
  const stops: (() => Promise<void>)[] = [];
  const logger = createLogger('info', { write: (line: string) => void logged.push(line) });

  const settle = async (): Promise<void> => {
    for (let calls = 0; calls < 3; calls += 1) {
      await sts.send(new GetCallerIdentityCommand({}));
      await turn();
    }
  };

  const waiting = async (): Promise<{ visible: number; hidden: number }> => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes;
    return { visible: Number(visible), hidden: Number(hidden) };
  };

  return {
    range,
    clock,
    rejected,
    logged,
    settle,
    send: async (MessageBody) => void (await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))),
    waiting,
    inQueue: async () => Object.values(await waiting()).reduce((sum, count) => sum + count, 0),
    start: (change) => {
      const consumer = createSqsConsumer({
        sqs,
        queueUrl: QueueUrl,
        rejected: { put: (message) => Promise.resolve(void rejected.push(message)) },
        temporalAnswers: () => Promise.resolve(true),
        logger,
        sleep: clock.sleep,
        now: () => new Date(clock.now()),
        ...change,
      });
      const end = new AbortController();
      const run = consumer.run(end.signal);
      const stop = (): Promise<void> => {
        end.abort();
        return run;
      };
      stops.push(stop);
      return { ...consumer, stop };
    },
    until: async (holds, seconds = 30) => {
      for (let second = 0; second <= seconds; second += 1) {
        for (let turns = 0; turns < 20 && !holds(); turns += 1) await settle();
        if (holds()) return;
        if (second < seconds) await clock.advance(1_000);
      }
      throw new Error(`it did not come about in ${seconds} seconds`);
    },
    pass: async (seconds) => {
      for (let second = 0; second < seconds; second += 1) {
        await clock.advance(1_000);
        await settle();
      }
    },
    stop: async () => {
      const ended = Promise.all(stops.map((stop) => stop()));
      await settle();
      await clock.advance(60_000);
      await ended;
      await range.stop();
    },
  };
}
