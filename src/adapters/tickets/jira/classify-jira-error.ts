import type { ApplicationFailure } from '@temporalio/common';
import { permanent, transient, type FailureOptions } from '../../../contracts/failures.js';
import { plainText } from '../../../domain/engine/plain-text.js';
import { ErrorCollection, type JiraAnswer } from './answer.js';

/** What was asked, in words, and the project permission it needs (named in the failure). */
export interface JiraCall {
  readonly what: string;
  readonly right: string;
}

/**
 * The failure that an answer of Jira is, or nothing when it is a success. Messages name the call, the status, and what
 * Jira says is wrong; never credentials, never a request body.
 */
export function jiraFailure({ what, right }: JiraCall, answer: JiraAnswer): ApplicationFailure | undefined {
  if (answer.outcome === 'none')
    return transient('UpstreamUnavailable', `Jira, ${what}: ${answer.why === 'time-out' ? 'no answer in time' : 'connection lost'}`);
  const { status, content, retryAfterMs } = answer;
  const said = saidBy(answer);
  const message = `Jira, ${what}: HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  const wait: FailureOptions = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 200 && status < 300) {
    if (content === 'other') return transient('UpstreamUnavailable', `${message}: the reply is not JSON`);
    return said === '' ? undefined : permanent('TicketRejected', message);
  }
  if (status < 400)
    return permanent('PermissionDenied', `${message}: a redirect, as to a login page; check the address and the credentials`);
  if (status === 401) return permanent('PermissionDenied', `${message}: the e-mail or the API token is wrong or has expired`);
  if (status === 403) return permanent('PermissionDenied', `${message}: the account may not; it needs the permission ${right}`);
  if (status === 404) return permanent('TargetNotFound', `${message}: no such issue or project, or it may not be seen (${right})`);
  if (status === 409) return transient('ConflictInFlight', message, wait);
  if (status === 429) return transient('Throttled', message, wait);
  if (status === 408 || status >= 500) return transient('UpstreamUnavailable', message, wait);
  return permanent('TicketRejected', status === 413 ? `${message}: too large, or the issue is full` : message);
}

/** Jira's own words, `field: reason`. They may repeat what we sent, so they are cut and stripped like any foreign text. */
function saidBy(answer: Extract<JiraAnswer, { outcome: 'answered' }>): string {
  const parsed = ErrorCollection.safeParse(answer.body);
  if (!parsed.success) return '';
  const { errorMessages, errors } = parsed.data;
  return plainText([...errorMessages, ...Object.entries(errors).map(([field, reason]) => `${field}: ${reason}`)].join('; '), 600);
}
