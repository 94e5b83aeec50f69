import type { Client } from '@temporalio/client';
import {
  DefaultLogger,
  Runtime,
  Worker,
  type LogLevel,
  type NativeConnection,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { Activities } from '../../activities/index.js';
import { ensureReconcileSchedule } from '../adapters/temporal/reconcile-schedule.js';
import type { Env } from '../config/env.js';
import { connectClient, connectNative, dataConverter } from '../config/temporal.js';
import { createLogger, type Logger } from '../telemetry/logger.js';
import { createPolicies } from '../playbooks/load.js';
import { type AlertQueue, type AlertQueueInput, startAlertQueue } from './alert-queue.js';
import { awsIdentities } from './aws-identities.js';
import { createWorkerActivities, type WiringInput } from './dependencies.js';
import { failureInterceptor } from './failure-interceptor.js';
import { ACTIVITY_TYPES, QUEUE_NAMES, TASK_QUEUES, type QueueName } from './queues.js';
import { workflowBundle } from './workflow-code.js';

/** Time that running activities get to end; writes are short, a watch goes on elsewhere from its heartbeat. */
const SHUTDOWN_GRACE_MS = 10_000;
/** LookupEvents takes 2 requests a second per account and region: more at once would only be throttled. */
const LOOKUPS_AT_ONCE = 4;

export interface WorkersOptions {
  readonly env: Env;
  /** @default Temporal's own environment or profile, else `default` */
  readonly namespace?: string;
  /** @default all of them */
  readonly queues?: readonly QueueName[];
  readonly awsCredentials?: WiringInput['awsCredentials'];
  readonly print?: (line: string) => void;
  /** Told once when every worker polls. */
  readonly onReady?: (line: string) => void;
  /** Whether the main worker makes the schedule of `reconcile`. @default true; tests that end workflows themselves do without */
  readonly schedule?: boolean;
  /** In place of the wired ones, for tests. */
  readonly activities?: Partial<Activities>;
  /** @default the prebuilt one, or one made from the sources at hand */
  readonly workflowBundle?: WorkflowBundleOption;
}

export interface RunningWorkers {
  /** Rejects when a worker dies; the others are stopped then. */
  readonly done: Promise<void>;
  /** Stops polling, lets running activities end, closes the connections. */
  stop(): Promise<void>;
}

/** Starts the workers in this process. */
export async function startWorkers(options: WorkersOptions): Promise<RunningWorkers> {
  const { env, queues = QUEUE_NAMES, onReady } = options;
  const logger = createLogger(env.logLevel);
  installRuntime(logger);
  const target = { identity: env.identity, address: env.temporalAddress, namespace: options.namespace };
  const { connection, namespace } = await connectNative(target);
  const { client, connection: clientConnection } = await connectClient(target);
  const close = async (): Promise<void> => {
    await connection.close();
    await clientConnection.close();
  };
  const activities = options.activities ?? (await wire(options, client, namespace));
  const workers = await Promise.all(queues.map((queue) => createWorker({ queue, connection, namespace, activities, options })));
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const queue = queues.includes('main') ? await consumeAlerts(options, { client, logger }) : undefined;
  const runs = workers.map((worker) => worker.run().finally(stopAll));
  const done = Promise.allSettled(runs).then(async (results) => {
    await queue?.stop();
    await close();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  });
  // A caller that only stops them must not be hit by an unhandled rejection.
  done.catch(() => undefined);
  if (queues.includes('main') && options.schedule !== false) await schedule(client, logger);
  onReady?.(`workers ready: ${queues.map((queue) => TASK_QUEUES[queue]).join(', ')}`);
  const stop = (): Promise<void> => {
    stopAll();
    return done;
  };
  return { done, stop };
}

/** Alerts through SQS come in where the main worker runs; undefined where no queue is configured. */
async function consumeAlerts(
  { env, awsCredentials }: WorkersOptions,
  temporal: Pick<AlertQueueInput, 'client' | 'logger'>,
): Promise<AlertQueue | undefined> {
  const { alertQueueUrl: queueUrl } = env;
  if (queueUrl === undefined) return undefined;
  return startAlertQueue({ env, queueUrl, identity: awsIdentities(env, awsCredentials).orchestrator, ...temporal });
}

/** Without the schedule incidents are worked on all the same: said in the log and by `doctor`, no reason to stand still. */
async function schedule(client: Client, logger: Logger): Promise<void> {
  await ensureReconcileSchedule(client).catch((error: unknown) => {
    logger.error({ err: error }, 'the schedule of reconcile could not be made: nothing that ended too early comes back by itself');
  });
}

/** Runs the workers until SIGINT or SIGTERM, then stops them in order. */
export async function runWorkers(options: WorkersOptions): Promise<void> {
  const workers = await startWorkers(options);
  const stop = (): void => void workers.stop().catch(() => undefined);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await workers.done;
}

interface WorkerInput {
  readonly queue: QueueName;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly activities: Partial<Activities>;
  readonly options: WorkersOptions;
}

async function createWorker({ queue, connection, namespace, activities, options }: WorkerInput): Promise<Worker> {
  const own = new Set(ACTIVITY_TYPES[queue]);
  const common: WorkerOptions = {
    connection,
    namespace,
    dataConverter,
    taskQueue: TASK_QUEUES[queue],
    identity: `${options.env.identity}/${queue}`,
    activities: Object.fromEntries(Object.entries(activities).filter(([name]) => own.has(name))),
    interceptors: { activity: [failureInterceptor] },
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
  };
  if (queue === 'main') return Worker.create({ ...common, workflowBundle: options.workflowBundle ?? (await workflowBundle()) });
  return Worker.create(queue === 'lookup' ? { ...common, maxConcurrentActivityTaskExecutions: LOOKUPS_AT_ONCE } : common);
}

async function wire(options: WorkersOptions, client: Client, namespace: string): Promise<Activities> {
  const { env, awsCredentials, print = (line) => void process.stdout.write(`${line}\n`) } = options;
  const organization = await createPolicies(env.policyDir).organization();
  return createWorkerActivities({
    env,
    client,
    namespace,
    print,
    organization,
    ...(awsCredentials === undefined ? {} : { awsCredentials }),
  });
}

const PINO_LEVELS: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

let installed = false;

function installRuntime(logger: Logger): void {
  // One runtime per process, and a drill starts workers more than once.
  if (installed) return;
  installed = true;
  const toPino = new DefaultLogger('WARN', ({ level, message, meta }) => logger[PINO_LEVELS[level]]({ meta }, message));
  // Signals are ours: the program stops workers and server in order.
  Runtime.install({ logger: toPino, shutdownSignals: [] });
}
