import { type ActivityOptions, ActivityCancellationType } from '@temporalio/workflow';
import { PERMANENT_FAILURES } from '../../src/contracts/failures.js';
import { LOOKUP_TASK_QUEUE, MAIN_TASK_QUEUE, RESPOND_TASK_QUEUE, RESTORE_TASK_QUEUE } from '../../src/contracts/names.js';

/*
 * Whole objects, never partial ones: a lost retry cap means unlimited retries. Each has a bound per
 * attempt (or a heartbeat), because a completion that falls into a server outage is dropped after
 * about ten seconds and only a time-out brings the step back (design 7).
 */

const WAIT = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/** Reads of AWS, files and Temporal itself: answers in well under a second; five tries ride out a throttle. */
export const READ = {
  taskQueue: MAIN_TASK_QUEUE,
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '2m',
  retry: {
    initialInterval: '500ms',
    backoffCoefficient: 2,
    maximumInterval: '10s',
    maximumAttempts: 8,
    nonRetryableErrorTypes: [...PERMANENT_FAILURES],
  },
  cancellationType: WAIT,
} as const satisfies ActivityOptions;

/** Resolving a principal at intake: 60 s, then the incident opens on what is known (design 10). */
export const RESOLVE = { ...READ, startToCloseTimeout: '15s', scheduleToCloseTimeout: '60s' } as const satisfies ActivityOptions;

/** Reading what an alert is about before anybody is looked for; then the incident opens on what is known. */
export const SIFT = {
  ...READ,
  startToCloseTimeout: '40s',
  scheduleToCloseTimeout: '45s',
  heartbeatTimeout: '10s',
} as const satisfies ActivityOptions;

/** Snapshot (20 s cap inside), blast radius and plan; a heartbeat, because nothing is denied before the plan is there. */
export const PLAN = {
  ...READ,
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
} as const satisfies ActivityOptions;

/**
 * One write to AWS, idempotent: short attempts, because a lost answer is safest repeated at once. Short in all too:
 * the watch starts when every write has ended, and a write that AWS keeps throttling is a task, not a wait.
 */
export const WRITE = {
  taskQueue: RESPOND_TASK_QUEUE,
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '45s',
  retry: {
    initialInterval: '250ms',
    backoffCoefficient: 2,
    maximumInterval: '5s',
    maximumAttempts: 12,
    nonRetryableErrorTypes: [...PERMANENT_FAILURES],
  },
  cancellationType: WAIT,
} as const satisfies ActivityOptions;

/** The watch runs up to 5 min an attempt; a heartbeat finds a dead worker within seconds. */
export const WATCH = {
  taskQueue: RESPOND_TASK_QUEUE,
  startToCloseTimeout: '6m',
  scheduleToCloseTimeout: '30m',
  heartbeatTimeout: '10s',
  retry: {
    initialInterval: '250ms',
    backoffCoefficient: 1.5,
    maximumInterval: '5s',
    maximumAttempts: 100,
    nonRetryableErrorTypes: [...PERMANENT_FAILURES],
  },
  cancellationType: WAIT,
} as const satisfies ActivityOptions;

/** LookupEvents at 2 requests a second: up to 20 pages a region; resumes from its heartbeat. */
export const LOOKUP = {
  taskQueue: LOOKUP_TASK_QUEUE,
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '30m',
  heartbeatTimeout: '15s',
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '15s',
    maximumAttempts: 50,
    nonRetryableErrorTypes: [...PERMANENT_FAILURES],
  },
  cancellationType: WAIT,
} as const satisfies ActivityOptions;

/** Pages and messages: bounded tightly, since a clock's next rung must not wait for a dead channel. */
export const NOTIFY = {
  taskQueue: MAIN_TASK_QUEUE,
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '2m',
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '20s',
    maximumAttempts: 6,
    nonRetryableErrorTypes: [...PERMANENT_FAILURES],
  },
  cancellationType: WAIT,
} as const satisfies ActivityOptions;

/** Signal-with-start of an incident: must not be lost, so it tries for a long time. */
export const DELIVER = {
  ...READ,
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '1h',
  retry: { ...READ.retry, maximumAttempts: 200, maximumInterval: '30s' },
} as const satisfies ActivityOptions;

/** The ticket system may be down for an hour; its own Retry-After comes first. Then a person is asked. */
export const TICKET = {
  taskQueue: MAIN_TASK_QUEUE,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '20s',
  scheduleToCloseTimeout: '1h',
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '60s',
    maximumAttempts: 200,
    nonRetryableErrorTypes: [...PERMANENT_FAILURES],
  },
  cancellationType: WAIT,
} as const satisfies ActivityOptions;

/** Collecting pages through services at their own pace; a heartbeat per page finds a dead worker. */
export const COLLECT = {
  ...LOOKUP,
  startToCloseTimeout: '15m',
  scheduleToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
} as const satisfies ActivityOptions;

/** Sealing, recording, reporting: files of a few megabytes. */
export const SEAL = { ...READ, startToCloseTimeout: '60s', scheduleToCloseTimeout: '10m' } as const satisfies ActivityOptions;

/** Removing and issuing: several calls that wait for one another, each of them idempotent. */
export const RESTORE = {
  ...WRITE,
  taskQueue: RESTORE_TASK_QUEUE,
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '5m',
} as const satisfies ActivityOptions;
