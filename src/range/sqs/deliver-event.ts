import type { Random } from '../random/random.js';
import { contextOf } from '../policy/context.js';
import { parsePolicy } from '../policy/document.js';
import { policyMatches } from '../policy/evaluate.js';
import { NO_POLICY } from './queue-access.js';
import type { Queue, Queues } from './queues.js';

/** The name of the rule that the range's findings come through. */
const RULE = 'tourniquet-findings';
/** Receipts before a message counts as dead: as in `src/deploy/aws/triggering.yaml`. */
const MAX_RECEIVE_COUNT = 50;

/** What a consumer needs. */
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'];

/** Puts an event into the alert queue as an EventBridge rule does: the event's JSON is the body. */
export type DeliverEvent = (event: unknown) => void;

/** The account's side of a rule with a queue as its target. */
export interface AlertQueueDeps {
  readonly queues: Queues;
  readonly random: Random;
  readonly accountId: string;
  readonly region: string;
  /** The user who may receive and delete. */
  readonly consumerArn: string;
}

/** Makes a queue that EventBridge may send to, with its dead-letter queue, and what delivers into it. */
export function createAlertQueue(
  name: string,
  { queues, ...deps }: AlertQueueDeps,
): { readonly url: string; readonly deliver: DeliverEvent } {
  const { region, accountId, random, consumerArn } = deps;
  const dead = queues.add({ name: `${name}-dead`, region, attributes: { MessageRetentionPeriod: '1209600' } });
  const ruleArn = `arn:aws:events:${region}:${accountId}:rule/${RULE}`;
  const attributes = {
    Policy: JSON.stringify(policyFor(`arn:aws:sqs:${region}:${accountId}:${name}`, { ruleArn, accountId, consumerArn })),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVE_COUNT }),
  };
  const queue = queues.add({ name, region, attributes });
  const ids = random.fork('alert-queue');
  const deliver: DeliverEvent = (event) => {
    if (mayDeliver(queue, { ruleArn, accountId })) queues.put(queue, { id: ids.uuid(), body: JSON.stringify(event) });
  };
  return { url: queue.url, deliver };
}

type Sender = { readonly ruleArn: string; readonly accountId: string };

function policyFor(Resource: string, { ruleArn, accountId, consumerArn }: Sender & { readonly consumerArn: string }): object {
  const Condition = { ArnEquals: { 'aws:SourceArn': ruleArn }, StringEquals: { 'aws:SourceAccount': accountId } };
  const send = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource, Condition };
  const consume = { Effect: 'Allow', Principal: { AWS: consumerArn }, Action: CONSUME, Resource };
  return { Version: '2012-10-17', Statement: [send, consume] };
}

/** EventBridge has no identity of its own: only the queue's policy lets it send. */
function mayDeliver(queue: Queue, { ruleArn, accountId }: Sender): boolean {
  const { statements } = parsePolicy(queue.attributes['Policy'] ?? NO_POLICY, 'resource');
  const forEvents = { statements: statements.filter(({ services = [] }) => services.includes('events.amazonaws.com')) };
  const context = contextOf({ 'aws:SourceArn': ruleArn, 'aws:SourceAccount': accountId });
  return policyMatches(forEvents, 'Allow', { action: 'sqs:SendMessage', resource: queue.arn, context });
}
