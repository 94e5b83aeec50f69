import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageRequest,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { aUserWith } from '../../fixtures/evidence-bucket.js';
import { errorOf, lastRecordOf, type TestCredentials } from './clients.js';

let clock: VirtualClock;
let range: Range;
let sqs: SQSClient;
let QueueUrl: string;

const clientOf = (credentials: TestCredentials) =>
  new SQSClient({ region: 'us-east-1', endpoint: range.endpoint, credentials, maxAttempts: 1 });
const queue = async (QueueName: string, Attributes: Partial<Record<QueueAttributeName, string>> = {}) =>
  (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
const send = (MessageBody: string, url = QueueUrl) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
const receive = async (request: Partial<ReceiveMessageRequest> = {}) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'], ...request })))
    .Messages ?? [];
const count = async (name: QueueAttributeName, url = QueueUrl) =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [name] }))).Attributes?.[name];

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ seed: 7, port: 0, clock, propagationSeconds: { min: 0, max: 0 } });
  sqs = clientOf(range.identities.admin);
  QueueUrl = await queue('alerts');
});
afterEach(() => range.stop());

describe('a queue', () => {
  it('is found by its name, also when it is made again alike, and not when it is made otherwise or by nobody', async () => {
    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: 'alerts' }));

    expect(found.QueueUrl).toBe('https://sqs.us-east-1.amazonaws.com/111122223333/alerts');
    expect(await queue('alerts')).toBe(QueueUrl);
    expect(await errorOf(queue('alerts', { VisibilityTimeout: '5' }))).toBe('QueueNameExists');
    expect(await errorOf(sqs.send(new GetQueueUrlCommand({ QueueName: 'other' })))).toBe('QueueDoesNotExist');
    expect(await errorOf(queue('with space'))).toBe('InvalidParameterValue');
  });

  it('is changed and read by callers with the permission on it only, and its changes are recorded', async () => {
    const reader = clientOf(await aUserWith(range, 'queue-reader', ['sqs:ReceiveMessage']));
    await send('one');

    expect((await reader.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
    expect(await errorOf(reader.send(new SendMessageCommand({ QueueUrl, MessageBody: 'two' })))).toBe('AccessDeniedException');
    expect(lastRecordOf(range, 'CreateQueue')).toMatchObject({
      eventSource: 'sqs.amazonaws.com',
      requestParameters: { queueName: 'alerts' },
    });
    expect(lastRecordOf(range, 'SendMessage')).toBeUndefined();
  });
});

describe('a message', () => {
  it('is hidden for its visibility time-out, then comes again with a receipt count one higher', async () => {
    await send('one');

    const [first] = await receive({ VisibilityTimeout: 30 });
    const hidden = await receive();
    const counts = [await count('ApproximateNumberOfMessages'), await count('ApproximateNumberOfMessagesNotVisible')];
    await clock.advance(30_000);
    const [again] = await receive();

    expect(first).toMatchObject({ Body: 'one', Attributes: { ApproximateReceiveCount: '1' } });
    expect(hidden).toEqual([]);
    expect(counts).toEqual(['0', '1']);
    expect(again).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: '2' } });
    expect(again?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  it('is deleted by its newest receipt only', async () => {
    await send('one');
    const [first] = await receive({ VisibilityTimeout: 1 });
    await clock.advance(1_000);
    const [second] = await receive();

    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(await count('ApproximateNumberOfMessagesNotVisible')).toBe('1');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));

    expect(await count('ApproximateNumberOfMessagesNotVisible')).toBe('0');
    expect(await errorOf(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'made up' })))).toBe('ReceiptHandleIsInvalid');
  });

  it('stays hidden for longer, or comes at once, when its visibility is changed; one that is not in flight cannot be', async () => {
    await send('one');
    const [{ ReceiptHandle } = {}] = await receive({ VisibilityTimeout: 10 });
    const hide = (VisibilityTimeout: number) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));

    await hide(60);
    await clock.advance(59_000);
    expect(await receive()).toEqual([]);
    await hide(0);
    expect(await errorOf(hide(10))).toBe('MessageNotInflight');
    expect(await receive()).toHaveLength(1);
  });

  it('answers each entry of a batch for itself', async () => {
    await send('one');
    const [{ ReceiptHandle } = {}] = await receive();
    const entries = (more: object = {}) => [
      { Id: 'good', ReceiptHandle, ...more },
      { Id: 'bad', ReceiptHandle: 'made up', ...more },
    ];

    const hidden = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: entries({ VisibilityTimeout: 5 }) }));
    const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entries() }));

    for (const { Successful, Failed } of [hidden, deleted])
      expect({ Successful, Failed }).toMatchObject({
        Successful: [{ Id: 'good' }],
        Failed: [{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }],
      });
    expect(await count('ApproximateNumberOfMessagesNotVisible')).toBe('0');
  });

  it('goes to the dead-letter queue once it was received as often as the redrive policy allows', async () => {
    const dead = await queue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:111122223333:dead', maxReceiveCount: 2 });
    const url = await queue('with-redrive', { RedrivePolicy, VisibilityTimeout: '1' });
    await send('stuck', url);

    const bodies: (string | undefined)[][] = [];
    for (let round = 0; round < 3; round += 1) {
      bodies.push((await receive({ QueueUrl: url })).map(({ Body }) => Body));
      await clock.advance(1_000);
    }

    expect(bodies).toEqual([['stuck'], ['stuck'], []]);
    expect(await receive({ QueueUrl: dead })).toMatchObject([{ Body: 'stuck', Attributes: { ApproximateReceiveCount: '3' } }]);
    expect(await errorOf(queue('broken', { RedrivePolicy: '{}' }))).toBe('InvalidAttributeValue');
  });
});

describe('a long poll', () => {
  it('is answered when a message comes, without the rest of the wait', async () => {
    const polled = receive({ WaitTimeSeconds: 20 });
    await settled();
    await send('one');

    expect(await polled).toMatchObject([{ Body: 'one' }]);
  });

  it('is answered empty after the wait, in the time of the range', async () => {
    let isAnswered = false;
    const polled = receive({ WaitTimeSeconds: 20 }).finally(() => (isAnswered = true));
    await settled();
    await clock.advance(19_000);
    await settled();
    const before = isAnswered;
    await clock.advance(1_000);

    expect(await polled).toEqual([]);
    expect(before).toBe(false);
  });

  it('takes no message for a caller who gave up', async () => {
    const gaveUp = new AbortController();
    const poll = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const polled = errorOf(sqs.send(poll, { abortSignal: gaveUp.signal }));
    await settled();
    gaveUp.abort();
    await settled();
    await send('one');

    expect(await polled).toBe('AbortError');
    expect(await receive()).toMatchObject([{ Body: 'one', Attributes: { ApproximateReceiveCount: '1' } }]);
  });

  it('ends with the range', async () => {
    const polled = errorOf(receive({ WaitTimeSeconds: 20 }));
    await settled();
    await range.stop();

    expect(await polled).toMatch(/no error|Error/);
  });

  it('is refused at once to who may not receive', async () => {
    const stranger = clientOf(range.identities.innocent);

    expect(await errorOf(stranger.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })))).toBe('AccessDeniedException');
  });
});

/** A call over HTTP has reached the range when a later one was answered. */
async function settled(): Promise<void> {
  const sts = new STSClient({ region: 'us-east-1', endpoint: range.endpoint, credentials: range.identities.admin });
  for (let calls = 0; calls < 3; calls += 1) await sts.send(new GetCallerIdentityCommand({}));
}
