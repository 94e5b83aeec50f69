import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';

/** What an activity's failure means to a person: our failure type and its message. */
export interface FailureReason {
  readonly type: string;
  readonly text: string;
}

/** Unwraps what the activity threw. Cancellation is never swallowed. */
export function failureReason(error: unknown): FailureReason {
  if (isCancellation(error)) throw error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure)
    return { type: cause.type ?? 'unclassified', text: `${cause.type ?? 'failure'}: ${cause.message}`.slice(0, 600) };
  if (cause instanceof TimeoutFailure) return { type: 'Timeout', text: 'no answer in time: is the worker of this task queue running?' };
  // A bug of ours, not of the world: let the workflow task fail and wait for the fixed worker.
  if (!(error instanceof ActivityFailure)) throw error;
  return { type: 'unclassified', text: cause instanceof Error ? cause.message.slice(0, 600) : 'failed' };
}
