import { AwsError } from '../aws-error.js';
import { contextOf } from '../policy/context.js';
import { parsePolicy } from '../policy/document.js';
import { policyMatches } from '../policy/evaluate.js';
import type { Call } from '../server/call.js';
import type { Access } from '../server/operation.js';
import type { Queue, Queues } from './queues.js';

/** A queue without one lets nobody in by itself. */
export const NO_POLICY = '{"Statement":[]}';

/**
 * The queue that a URL names, whatever host it names: SDKs send calls to the endpoint they are set to.
 *
 * @throws AwsError QueueDoesNotExist, also for another account's queue
 */
export function queueAt(queues: Queues, url: string | undefined, call: Call): Queue {
  const [name = '', accountId] = (url ?? '').split('/').reverse();
  const queue = accountId === call.account.id ? queues.find(name, call.region) : undefined;
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

/** The answer about a queue that is not there. */
export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** One permission on one queue: a batch needs that of its single call (Service Authorization Reference, Amazon SQS). */
export function accessTo(permission: string, arn: string): Access {
  return { resources: [], also: [{ action: `sqs:${permission}`, resource: arn }] };
}

/** The same on a queue that is there: its own policy may let the caller in too. */
export function accessToQueue(permission: string, queue: Queue, { callerArn }: Call): Access {
  const action = `sqs:${permission}`;
  const { statements } = parsePolicy(queue.attributes['Policy'] ?? NO_POLICY, 'resource');
  const own = { statements: statements.filter(({ principals = [] }) => principals.includes(callerArn)) };
  const isGranted = policyMatches(own, 'Allow', { action, resource: queue.arn, context: contextOf({}) });
  return { resources: [], also: [{ action, resource: queue.arn, ...(isGranted ? { grant: 'all' } : {}) }] };
}
