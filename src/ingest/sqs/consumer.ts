import { setTimeout as timeout } from 'node:timers/promises';
import { ReceiveMessageCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import type { RejectedStore } from '../../ports/rejected-store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Received } from '../receive.js';
import { createMessageHandler, type Outcome } from './handle-message.js';
import { reasonOf } from './message-fault.js';
import { VISIBILITY_SECONDS } from './receipts.js';
import { createUpstream, type Sleep, type Upstream } from './upstream.js';

/** The longest poll there is: an empty queue costs three calls a minute. */
const POLL_SECONDS = 20;
/** The largest batch there is. */
const LARGEST_BATCH = 10;
const AT_ONCE = 20;
/** What is under way at the end gets this long; what takes longer comes again to somebody else. */
const DRAIN_MS = 10_000;

export interface SqsConsumerDeps {
  /** Its request time-out must be longer than a poll of 20 seconds. Needs Receive, Delete and ChangeMessageVisibility on the queue. */
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  /** `receiveAlert` with its dependencies: returns after Temporal has the alerts, keeps what it rejects. */
  readonly receive: (body: string) => Promise<Received>;
  /** Gets the messages that Temporal will never take. */
  readonly rejected: Pick<RejectedStore, 'put'>;
  /** Whether Temporal answers at all. Asked after a failure, so that nothing is received in vain: receipts lead to the dead-letter queue. */
  readonly temporalAnswers: () => Promise<boolean>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Messages worked on at a time. @default 20 */
  readonly atOnce?: number;
  /** @default the machine's timers */
  readonly sleep?: Sleep;
  /** @default the machine's clock */
  readonly now?: () => Date;
}

/** Messages since the start: all that were received had one of the four outcomes, but for those under way. */
export type SqsCounters = Readonly<Record<'received' | Outcome, number>>;

export interface SqsConsumer {
  /** Consumes until the signal aborts, then ends what is under way. Rejects never: outages of SQS and Temporal are waited out. */
  run(signal: AbortSignal): Promise<void>;
  counters(): SqsCounters;
}

/** Makes the consumer of one queue that EventBridge, or a topic, sends alerts to. At least once: a re-delivered alert starts nothing. */
export function createSqsConsumer(deps: SqsConsumerDeps): SqsConsumer {
  const { logger, atOnce = AT_ONCE, sleep = realSleep, now = () => new Date() } = deps;
  const queue = createUpstream('SQS', { logger, sleep });
  const temporal = createUpstream('Temporal', { logger, sleep });
  const ended = new AbortController();
  const handle = createMessageHandler({ ...deps, temporal, sleep, now, ended: ended.signal });
  const counters = { received: 0, accepted: 0, duplicate: 0, rejected: 0, left: 0 };
  const underWay = new Set<Promise<void>>();

  function start(message: Message): void {
    counters.received += 1;
    const work: Promise<void> = handle(message).then((outcome) => {
      counters[outcome] += 1;
      underWay.delete(work);
    });
    underWay.add(work);
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (underWay.size >= atOnce) await untilOneEnds(underWay, signal);
      else if (temporal.isDown()) await awaitTemporal(temporal, deps.temporalAnswers, signal);
      else for (const message of await poll({ deps, queue, limit: atOnce - underWay.size }, signal)) start(message);
    }
    const drained = new AbortController();
    await Promise.race([Promise.all(underWay), sleep(DRAIN_MS, drained.signal)]);
    drained.abort();
    ended.abort();
  }

  return { run, counters: () => ({ ...counters }) };
}

async function poll(
  { deps, queue, limit }: { readonly deps: SqsConsumerDeps; readonly queue: Upstream; readonly limit: number },
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: deps.queueUrl,
    MaxNumberOfMessages: Math.min(LARGEST_BATCH, limit),
    WaitTimeSeconds: POLL_SECONDS,
    VisibilityTimeout: VISIBILITY_SECONDS,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  try {
    const { Messages: messages = [] } = await deps.sqs.send(command, { abortSignal: signal });
    queue.worked();
    return messages;
  } catch (error) {
    if (signal.aborted) return [];
    queue.failed(reasonOf(error));
    await queue.pause(signal);
    return [];
  }
}

/** Pauses until Temporal answers; messages wait in the queue meanwhile, unreceived. */
async function awaitTemporal(temporal: Upstream, answers: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  await temporal.pause(signal);
  if (!signal.aborted && (await answers().catch(() => false))) temporal.tryAgain();
}

async function untilOneEnds(underWay: ReadonlySet<Promise<void>>, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: stop.signal });
  });
  await Promise.race([...underWay, aborted]);
  stop.abort();
}

const realSleep: Sleep = (ms, signal) => timeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
