import type { Clock } from '../clock/clock.js';

/** One message as the queue keeps it. */
export type QueueMessage = {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  /** From when on a consumer may get it: after a delay, or once its visibility time-out is over. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Of the newest receipt: an older one deletes nothing. */
  handle?: string;
};

/** One standard queue of one region. */
export type Queue = {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAt: number;
  /** As CreateQueue took them, over the defaults. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messages: QueueMessage[];
  /** Ends the wait of every consumer that is polling. */
  readonly pollers: Set<AbortController>;
};

/** The queues of one account. */
export interface Queues {
  find(name: string, region: string): Queue | undefined;
  add(queue: Pick<Queue, 'name' | 'region' | 'attributes'>): Queue;
  /** Resolves when the queue has a message for a consumer, `ms` of the range's time have passed, or the consumer is gone. */
  awaitMessage(queue: Queue, ms: number, gone?: AbortSignal): Promise<void>;
  put(queue: Queue, message: Pick<QueueMessage, 'id' | 'body'> & { readonly delaySeconds?: number }): void;
  /** Ends every poll at once, also later ones. */
  stop(): void;
}

/** What queues are made of. */
export interface QueuesDeps {
  readonly accountId: string;
  readonly clock: Clock;
}

/** What a new queue has where nothing else was asked for (SQS API reference, CreateQueue). */
const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '262144',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

/** Makes an account without queues. */
export function createQueues({ accountId, clock }: QueuesDeps): Queues {
  const all: Queue[] = [];
  const stopped = new AbortController();

  const add: Queues['add'] = ({ name, region, attributes }) => {
    const queue: Queue = {
      name,
      region,
      arn: `arn:aws:sqs:${region}:${accountId}:${name}`,
      url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
      createdAt: clock.now(),
      attributes: { ...DEFAULTS, ...attributes },
      messages: [],
      pollers: new Set(),
    };
    all.push(queue);
    return queue;
  };

  const awaitMessage: Queues['awaitMessage'] = async (queue, ms, gone) => {
    const until = clock.now() + ms;
    const ends = gone === undefined ? [stopped.signal] : [stopped.signal, gone];
    while (!ends.some(({ aborted }) => aborted) && clock.now() < until && visibleIn(queue, clock.now()).length === 0) {
      const poller = new AbortController();
      queue.pollers.add(poller);
      const next = Math.min(until, ...queue.messages.map(({ visibleAt }) => visibleAt));
      await clock.sleep(next - clock.now(), AbortSignal.any([poller.signal, ...ends]));
      queue.pollers.delete(poller);
    }
  };

  return {
    find: (name, region) => all.find((queue) => queue.name === name && queue.region === region),
    add,
    awaitMessage,
    put: (queue, { id, body, delaySeconds = secondsOf(queue, 'DelaySeconds') }) => {
      const now = clock.now();
      queue.messages.push({ id, body, sentAt: now, visibleAt: now + delaySeconds * 1000, receiveCount: 0 });
      wake(queue);
    },
    stop: () => {
      stopped.abort();
    },
  };
}

/** The messages that a consumer may get now, oldest first; those past their retention are gone. */
export function visibleIn(queue: Queue, now: number): QueueMessage[] {
  const oldest = now - secondsOf(queue, 'MessageRetentionPeriod') * 1000;
  return queue.messages.filter(({ sentAt, visibleAt }) => sentAt >= oldest && visibleAt <= now);
}

/** Whoever polls looks again. */
export function wake(queue: Queue): void {
  for (const poller of queue.pollers) poller.abort();
}

/** An attribute that is a number of seconds, or a number of bytes. */
export function secondsOf(queue: Queue, attribute: string): number {
  return Number(queue.attributes[attribute] ?? 0);
}
