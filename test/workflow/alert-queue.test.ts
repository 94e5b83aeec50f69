import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSqsClient } from '../../src/adapters/aws/sqs-client.js';
import { createFileRejectedStore } from '../../src/adapters/rejected/file.js';
import { receiveAlert, type ReceiveDeps } from '../../src/ingest/receive.js';
import { createSqsConsumer, type SqsConsumer } from '../../src/ingest/sqs/consumer.js';
import { createTemporalAnswers } from '../../src/ingest/sqs/temporal-answers.js';
import type { Range } from '../../src/range/index.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { aRange } from '../fixtures/range.js';
import { createTimeSkipping } from '../fixtures/time-skipping.js';
import { aFinding } from '../unit/ingest/samples.js';

let env: TestWorkflowEnvironment;
let range: Range;
beforeAll(async () => {
  [env, range] = await Promise.all([createTimeSkipping(), aRange()]);
});
afterAll(async () => {
  await Promise.all([env.teardown(), range.stop()]);
});

const FINDINGS = 20;
const finding = (index: number): string => JSON.stringify(aFinding({ detail: { id: `finding-${index}` } }));

it('starts one intake in Temporal for each of 20 alerts, of which 6 come twice, over a restart of the consumer, and keeps what is none', async () => {
  const sqs = createSqsClient({ endpoint: range.endpoint, credentials: range.identities.admin }, 'us-east-1');
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }));
  const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const rejected = createFileRejectedStore(await mkdtemp(join(tmpdir(), 'rejected-')));
  const deps: ReceiveDeps = {
    authority: { signReceipt: (alert) => Promise.resolve({ ...alert, receipt: 'a.b.c' }) },
    rejected,
    client: env.client,
    now: () => new Date(),
  };
  const consume = (): { consumer: SqsConsumer; stop: () => Promise<void> } => {
    const consumer = createSqsConsumer({
      sqs,
      queueUrl: QueueUrl,
      receive: (body) => receiveAlert(body, deps),
      rejected,
      temporalAnswers: createTemporalAnswers(env.client),
      logger: createLogger('silent'),
    });
    const end = new AbortController();
    const run = consumer.run(end.signal);
    return { consumer, stop: () => (end.abort(), run) };
  };

  const first = consume();
  for (let index = 0; index < FINDINGS / 2; index += 1) await send(finding(index));
  await send('{"cut');
  await expect.poll(() => first.consumer.counters().accepted).toBeGreaterThan(0);
  await first.stop();
  // A poll that is given up takes a message with it when both meet: it is back after 60 seconds.
  await sqs.send(new GetQueueAttributesCommand({ QueueUrl }));
  const second = consume();
  for (let index = FINDINGS / 2; index < FINDINGS; index += 1) await send(finding(index));
  for (let index = 0; index < 6; index += 1) await send(finding(index));
  const sum = (name: 'accepted' | 'duplicate' | 'rejected') => first.consumer.counters()[name] + second.consumer.counters()[name];
  await expect.poll(() => sum('accepted') + sum('duplicate') + sum('rejected'), { timeout: 90_000 }).toBe(FINDINGS + 7);
  await second.stop();

  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect([sum('accepted'), sum('duplicate'), sum('rejected')]).toEqual([FINDINGS, 6, 1]);
  expect(await rejected.list(10)).toMatchObject([{ reason: 'the message is JSON that ends too early' }]);
  expect([Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible]).toEqual(['0', '0']);
  expect(await createTemporalAnswers(env.client)()).toBe(true);
});
