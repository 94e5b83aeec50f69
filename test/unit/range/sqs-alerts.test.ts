import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type RangeOptions } from '../../../src/range/index.js';
import { errorOf } from './clients.js';

let range: Range | undefined;
afterEach(() => range?.stop());

async function attacked(options: RangeOptions) {
  const clock = createVirtualClock();
  const heard: unknown[] = [];
  range = await startRange({ seed: 7, clock, onAlert: (message) => void heard.push(message), ...options });
  range.startActors(['opportunist']);
  await clock.advance(30_000);
  await range.stopActors();
  await clock.advance(1_800_000);
  const { identities, requestHandler, alertQueueUrl: QueueUrl } = range;
  const credentials = identities.orchestrator ?? identities.responder;
  const sqs = new SQSClient({ region: 'us-east-1', endpoint: 'http://range.invalid', requestHandler, credentials, maxAttempts: 1 });
  return { range, heard, sqs, QueueUrl };
}

it('delivers every alert of the range as an EventBridge rule does, and its consumer may receive and not send', async () => {
  const { heard, sqs, QueueUrl } = await attacked({ alertQueue: 'tourniquet-alerts' });

  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));

  expect(heard.length).toBeGreaterThan(1);
  expect(Messages.map(({ Body = '' }): unknown => JSON.parse(Body))).toEqual(heard);
  expect(await errorOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })))).toBe('AccessDeniedException');
});

it('has the queue beside the orchestrator in an organization', async () => {
  const { heard, sqs, QueueUrl, range: here } = await attacked({ scenario: 'organization', alertQueue: 'tourniquet-alerts' });

  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));

  expect(QueueUrl).toContain(`/${here.organization?.delegatedAccountId}/`);
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: String(heard.length) });
});

it('has no queue unless it is asked for', async () => {
  const { heard, QueueUrl } = await attacked({});

  expect(heard.length).toBeGreaterThan(1);
  expect(QueueUrl).toBeUndefined();
});
