import { createHash } from 'node:crypto';
import type {
  BatchResultErrorEntry,
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
  DeleteMessageRequest,
  Message,
  ReceiveMessageRequest,
  ReceiveMessageResult,
  SendMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import { AwsError, required } from '../aws-error.js';
import { SECRET_ALPHABET } from '../random/random.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { accessToQueue, queueAt } from './queue-access.js';
import { secondsOf, visibleIn, wake, type Queue, type QueueMessage, type Queues } from './queues.js';
import { withoutDead } from './redrive.js';

/** Most entries of a batch and most messages of one receipt (SQS API reference). */
const LARGEST_BATCH = 10;
/** 12 hours, the longest time a message can be hidden. */
const LONGEST_VISIBILITY_SECONDS = 43_200;

type OnQueue = { readonly QueueUrl?: string | undefined };
type OnQueueAccess = (permission: string) => (input: OnQueue, call: Call) => Access;

/** The calls that move messages. They are data events, which no trail of the range shows. */
export function createMessageOperations(queues: Queues): Operations {
  const on: OnQueueAccess = (permission) => (input, call) => accessToQueue(permission, queueAt(queues, input.QueueUrl, call), call);
  return { ...createTransfers(queues, on), ...createReceiptOperations(queues, on) };
}

function createTransfers(queues: Queues, on: OnQueueAccess): Operations {
  return {
    SendMessage: operation<SendMessageRequest, SendMessageResult>({
      kind: 'write',
      isDataEvent: true,
      access: on('SendMessage'),
      run: ({ QueueUrl, MessageBody, DelaySeconds }, call) => {
        const body = required(MessageBody, 'MessageBody');
        const queue = queueAt(queues, QueueUrl, call);
        const largest = secondsOf(queue, 'MaximumMessageSize');
        if (body === '' || Buffer.byteLength(body) > largest)
          throw new AwsError('InvalidParameterValue', `One or more parameters are invalid. Reason: Message must be 1 to ${largest} bytes.`);
        const id = call.random.uuid();
        queues.put(queue, { id, body, ...(DelaySeconds === undefined ? {} : { delaySeconds: DelaySeconds }) });
        return { MessageId: id, MD5OfMessageBody: md5(body) };
      },
    }),

    ReceiveMessage: operation<ReceiveMessageRequest, ReceiveMessageResult>({
      kind: 'read',
      isDataEvent: true,
      access: on('ReceiveMessage'),
      wait: async (input, call, gone) => {
        const queue = queueAt(queues, input.QueueUrl, call);
        await queues.awaitMessage(queue, waitSecondsOf(input, queue) * 1000, gone);
      },
      run: (input, call) => {
        const queue = queueAt(queues, input.QueueUrl, call);
        waitSecondsOf(input, queue);
        const limit = within(input.MaxNumberOfMessages ?? 1, { from: 1, to: LARGEST_BATCH, name: 'MaxNumberOfMessages' });
        const hidden = visibilityOf(input.VisibilityTimeout ?? secondsOf(queue, 'VisibilityTimeout'));
        const found = withoutDead(queue, visibleIn(queue, call.at), queues).slice(0, limit);
        const names = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])].map(String);
        const messages = found.map((message) => received(message, { call, hidden, names }));
        return messages.length === 0 ? {} : { Messages: messages };
      },
    }),
  };
}

function createReceiptOperations(queues: Queues, on: OnQueueAccess): Operations {
  return {
    DeleteMessage: operation<DeleteMessageRequest, object>({
      kind: 'write',
      isDataEvent: true,
      access: on('DeleteMessage'),
      run: ({ QueueUrl, ReceiptHandle }, call) => {
        remove(queueAt(queues, QueueUrl, call), required(ReceiptHandle, 'ReceiptHandle'));
        return {};
      },
    }),

    DeleteMessageBatch: operation<DeleteMessageBatchRequest, DeleteMessageBatchResult>({
      kind: 'write',
      isDataEvent: true,
      access: on('DeleteMessage'),
      run: ({ QueueUrl, Entries }, call) => {
        const queue = queueAt(queues, QueueUrl, call);
        return eachOf(Entries, ({ ReceiptHandle }) => remove(queue, required(ReceiptHandle, 'ReceiptHandle')));
      },
    }),

    ChangeMessageVisibility: operation<ChangeMessageVisibilityRequest, object>({
      kind: 'write',
      isDataEvent: true,
      access: on('ChangeMessageVisibility'),
      run: (input, call) => {
        hide(queueAt(queues, input.QueueUrl, call), input, call.at);
        return {};
      },
    }),

    ChangeMessageVisibilityBatch: operation<ChangeMessageVisibilityBatchRequest, ChangeMessageVisibilityBatchResult>({
      kind: 'write',
      isDataEvent: true,
      access: on('ChangeMessageVisibility'),
      run: ({ QueueUrl, Entries }, call) => {
        const queue = queueAt(queues, QueueUrl, call);
        return eachOf(Entries, (entry) => hide(queue, entry, call.at));
      },
    }),
  };
}

function received(
  message: QueueMessage,
  { call, hidden, names }: { readonly call: Call; readonly hidden: number; readonly names: readonly string[] },
): Message {
  message.receiveCount += 1;
  message.firstReceivedAt ??= call.at;
  message.visibleAt = call.at + hidden * 1000;
  message.handle = `${message.id}/${call.random.text(SECRET_ALPHABET, 64)}`;
  const attributes: Record<string, string> = {
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    SentTimestamp: String(message.sentAt),
  };
  const wanted = Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name));
  return {
    MessageId: message.id,
    ReceiptHandle: message.handle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }),
  };
}

/** Succeeds without an effect for an older receipt and for a message that is gone, as in AWS. */
function remove(queue: Queue, handle: string): void {
  checkHandle(handle);
  const index = queue.messages.findIndex((message) => message.handle === handle);
  if (index >= 0) queue.messages.splice(index, 1);
}

/** @throws AwsError MessageNotInflight for one that is visible or gone */
function hide(
  queue: Queue,
  { ReceiptHandle, VisibilityTimeout }: { readonly ReceiptHandle?: string | undefined; readonly VisibilityTimeout?: number | undefined },
  now: number,
): void {
  const handle = checkHandle(required(ReceiptHandle, 'ReceiptHandle'));
  const seconds = visibilityOf(required(VisibilityTimeout, 'VisibilityTimeout'));
  const message = queue.messages.find((one) => one.handle === handle && one.visibleAt > now);
  if (message === undefined) throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
  message.visibleAt = now + seconds * 1000;
  wake(queue);
}

function checkHandle(handle: string): string {
  if (!/^[0-9a-f-]{36}\/.{64}$/.test(handle)) throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', 404);
  return handle;
}

/** Every entry for itself: one that fails keeps no other back. */
function eachOf<Entry extends { readonly Id?: string | undefined }>(
  entries: readonly Entry[] = [],
  act: (entry: Entry) => void,
): { Successful: { Id: string }[]; Failed: BatchResultErrorEntry[] } {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > LARGEST_BATCH) throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries is ${LARGEST_BATCH}.`);
  const done: { Successful: { Id: string }[]; Failed: BatchResultErrorEntry[] } = { Successful: [], Failed: [] };
  for (const entry of entries) {
    const Id = required(entry.Id, 'Id');
    try {
      act(entry);
      done.Successful.push({ Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      done.Failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return done;
}

function waitSecondsOf(input: ReceiveMessageRequest, queue: Queue): number {
  const seconds = input.WaitTimeSeconds ?? secondsOf(queue, 'ReceiveMessageWaitTimeSeconds');
  return within(seconds, { from: 0, to: 20, name: 'WaitTimeSeconds' });
}

function visibilityOf(seconds: number): number {
  return within(seconds, { from: 0, to: LONGEST_VISIBILITY_SECONDS, name: 'VisibilityTimeout' });
}

function within(value: number, { from, to, name }: { readonly from: number; readonly to: number; readonly name: string }): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${from} and ${to}.`,
  );
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
