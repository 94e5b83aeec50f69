import type {
  CreateQueueRequest,
  CreateQueueResult,
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  GetQueueUrlRequest,
  GetQueueUrlResult,
} from '@aws-sdk/client-sqs';
import { AwsError, required } from '../aws-error.js';
import { parsePolicy } from '../policy/document.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { createMessageOperations } from './message-operations.js';
import type { Queue, Queues } from './queues.js';
import { redriveOf } from './redrive.js';
import { accessTo, accessToQueue, queueAt, queueDoesNotExist } from './queue-access.js';

/** The SQS calls the range answers, for standard queues. */
export function createSqsOperations(queues: Queues): Operations {
  return { ...createQueueOperations(queues), ...createMessageOperations(queues) };
}

function createQueueOperations(queues: Queues): Operations {
  return {
    CreateQueue: operation<CreateQueueRequest, CreateQueueResult>({
      kind: 'write',
      access: ({ QueueName: name = '' }, call) => accessTo('CreateQueue', arnOf(call, name)),
      run: ({ QueueName, Attributes: attributes = {} }, call) => {
        const name = required(QueueName, 'QueueName');
        if (!/^[\w-]{1,80}$/.test(name))
          throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
        checkAttributes(attributes);
        const known = queues.find(name, call.region);
        if (known !== undefined && Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value))
          throw new AwsError('QueueNameExists', 'A queue already exists with the same name and a different value for an attribute');
        return { QueueUrl: (known ?? queues.add({ name, region: call.region, attributes })).url };
      },
    }),

    GetQueueUrl: operation<GetQueueUrlRequest, GetQueueUrlResult>({
      kind: 'read',
      access: ({ QueueName: name = '' }, call) => accessTo('GetQueueUrl', arnOf(call, name)),
      run: ({ QueueName: name = '', QueueOwnerAWSAccountId: owner }, call) => {
        const queue = owner === undefined || owner === call.account.id ? queues.find(name, call.region) : undefined;
        if (queue === undefined) throw queueDoesNotExist();
        return { QueueUrl: queue.url };
      },
    }),

    GetQueueAttributes: operation<GetQueueAttributesRequest, GetQueueAttributesResult>({
      kind: 'read',
      access: ({ QueueUrl }, call) => accessToQueue('GetQueueAttributes', queueAt(queues, QueueUrl, call), call),
      run: ({ QueueUrl, AttributeNames: names = [] }, call) => {
        const all = attributesOf(queueAt(queues, QueueUrl, call), call.at);
        const wanted = Object.entries(all).filter(([name]) => names.some((one) => one === 'All' || one === name));
        return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
      },
    }),
  };
}

/** @throws AwsError InvalidAttributeValue or MalformedPolicyDocument */
function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  redriveOf(attributes);
  if (attributes['Policy'] !== undefined && attributes['Policy'] !== '') parsePolicy(attributes['Policy'], 'resource');
  const visibility = Number(attributes['VisibilityTimeout'] ?? 0);
  if (!Number.isInteger(visibility) || visibility < 0 || visibility > 43_200)
    throw new AwsError('InvalidAttributeValue', 'Invalid value for the parameter VisibilityTimeout.');
}

function attributesOf(queue: Queue, now: number): Record<string, string> {
  const count = (fits: (message: Queue['messages'][number]) => boolean): string => String(queue.messages.filter(fits).length);
  const created = String(Math.floor(queue.createdAt / 1000));
  return {
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    ApproximateNumberOfMessages: count(({ visibleAt }) => visibleAt <= now),
    ApproximateNumberOfMessagesNotVisible: count(({ visibleAt, handle }) => visibleAt > now && handle !== undefined),
    ApproximateNumberOfMessagesDelayed: count(({ visibleAt, handle }) => visibleAt > now && handle === undefined),
  };
}

function arnOf({ region, account }: Call, name: string): string {
  return `arn:aws:sqs:${region}:${account.id}:${name}`;
}

function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
