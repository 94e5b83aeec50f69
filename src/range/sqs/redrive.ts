import { z } from 'zod';
import { AwsError } from '../aws-error.js';
import type { Queue, QueueMessage, Queues } from './queues.js';

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().min(1).max(1000) });

/** Where a queue's messages go that nobody deletes. */
export type Redrive = z.infer<typeof RedrivePolicy>;

/** @throws AwsError InvalidAttributeValue for a policy that is none */
export function redriveOf(attributes: Readonly<Record<string, string>>): Redrive | undefined {
  const text = attributes['RedrivePolicy'];
  if (text === undefined || text === '') return undefined;
  const parsed = RedrivePolicy.safeParse(asJson(text));
  if (!parsed.success) throw new AwsError('InvalidAttributeValue', 'Invalid value for the parameter RedrivePolicy.');
  return parsed.data;
}

/**
 * Takes what was received as often as the redrive policy allows to the dead-letter queue; it keeps its age, as in AWS.
 *
 * @returns the messages that stay.
 */
export function withoutDead(queue: Queue, messages: readonly QueueMessage[], queues: Queues): QueueMessage[] {
  const redrive = redriveOf(queue.attributes);
  const target = redrive === undefined ? undefined : queues.find(redrive.deadLetterTargetArn.split(':').at(-1) ?? '', queue.region);
  if (redrive === undefined || target === undefined) return [...messages];
  const dead = messages.filter(({ receiveCount }) => receiveCount >= redrive.maxReceiveCount);
  for (const message of dead) {
    queue.messages.splice(queue.messages.indexOf(message), 1);
    target.messages.push(message);
  }
  return messages.filter((message) => !dead.includes(message));
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
