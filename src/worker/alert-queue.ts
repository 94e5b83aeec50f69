import type { Client } from '@temporalio/client';
import type { AwsClientOptions } from '../adapters/aws/clients.js';
import { createSqsClient } from '../adapters/aws/sqs-client.js';
import type { Env } from '../config/env.js';
import { receiveAlert } from '../ingest/receive.js';
import { createSqsConsumer } from '../ingest/sqs/consumer.js';
import { createTemporalAnswers } from '../ingest/sqs/temporal-answers.js';
import type { Logger } from '../telemetry/logger.js';
import { receiveDepsOf } from './receive-deps.js';

/** The consumer of this installation's alert queue, running. */
export interface AlertQueue {
  /** Ends what is under way; the rest stays in the queue. */
  stop(): Promise<void>;
}

export interface AlertQueueInput {
  readonly env: Env;
  readonly queueUrl: string;
  /** Who consumes: the worker's own identity. */
  readonly identity: AwsClientOptions;
  readonly client: Client;
  readonly logger: Logger;
}

/** Starts to consume. Outages of SQS and Temporal are waited out. */
export async function startAlertQueue({ env, queueUrl, identity, client, logger }: AlertQueueInput): Promise<AlertQueue> {
  const deps = await receiveDepsOf(env, client);
  const consumer = createSqsConsumer({
    sqs: createSqsClient(identity, regionOf(queueUrl) ?? env.awsRegions[0] ?? 'us-east-1'),
    queueUrl,
    receive: (body) => receiveAlert(body, deps),
    rejected: deps.rejected,
    temporalAnswers: createTemporalAnswers(client),
    logger,
  });
  const end = new AbortController();
  const running = consumer.run(end.signal);
  return {
    stop: async () => {
      end.abort();
      await running;
      logger.info(consumer.counters(), 'the alert queue is no longer consumed');
    },
  };
}

/** `https://sqs.eu-west-1.amazonaws.com/…`. */
function regionOf(queueUrl: string): string | undefined {
  return /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(queueUrl)?.[1];
}
