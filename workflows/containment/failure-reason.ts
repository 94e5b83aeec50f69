import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { failureText } from '../runtime/failure-text.js';

/** What an activity's failure means to a person: our failure type and its message. */
export interface FailureReason {
  readonly type: string;
  readonly text: string;
}

const MAX_TEXT = 600;

/** Unwraps what an activity threw. Cancellation is never swallowed, and a bug of ours fails the workflow task, not the step. */
export function failureReason(error: unknown): FailureReason {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'unclassified') : 'unclassified';
  return { type, text: failureText(error).slice(0, MAX_TEXT) };
}
