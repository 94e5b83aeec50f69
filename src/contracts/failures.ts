import { ApplicationFailure } from '@temporalio/common';
import type { z } from 'zod';

/** Failures a retry cannot mend (house style 2.4). */
export const PERMANENT_FAILURES = [
  'InvalidPayload',
  'PlaybookInvalid',
  'TargetNotFound',
  'PermissionDenied',
  'UnsafeAction',
  'PreconditionFailed',
  'TicketRejected',
  'QuotaExceeded',
] as const;
export type PermanentFailure = (typeof PERMANENT_FAILURES)[number];

/** Failures that a later attempt may not meet. */
export const TRANSIENT_FAILURES = ['Throttled', 'UpstreamUnavailable', 'ConflictInFlight', 'GuardStopped'] as const;
export type TransientFailure = (typeof TRANSIENT_FAILURES)[number];

export interface FailureOptions {
  readonly cause?: unknown;
  /** Milliseconds before the next attempt, where the upstream says so. */
  readonly retryAfterMs?: number;
  readonly details?: unknown[];
}

/** A failure that is not retried. Branch on `type`, never on the message. */
export function permanent(type: PermanentFailure, message: string, options: FailureOptions = {}): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, ...rest(options) });
}

/** A failure that the activity profile's retry policy may try again. */
export function transient(type: TransientFailure, message: string, options: FailureOptions = {}): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: false, ...rest(options) });
}

function rest({ cause, retryAfterMs, details }: FailureOptions): Partial<Parameters<typeof ApplicationFailure.create>[0]> {
  return {
    ...(cause instanceof Error ? { cause } : {}),
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
    ...(details === undefined ? {} : { details }),
  };
}

/**
 * Parses a payload where it enters.
 *
 * @throws InvalidPayload, permanent: names every bad field and what was expected, never its value.
 */
export function parsePayload<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw permanent('InvalidPayload', `${what}: ${describeIssues(parsed.error)}`);
}

/** `field: what was expected`, joined by `; `. Values are left out: they may be secret or hostile. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.map(String).join('.') || '(root)'}: ${issue.message}`).join('; ');
}

/** For exhaustive switches: a new variant that is not handled does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unhandled variant ${JSON.stringify(value)}`);
}
