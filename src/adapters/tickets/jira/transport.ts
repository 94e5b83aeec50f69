import { z } from 'zod';
import type { JiraAnswer } from './answer.js';
import { REQUEST_MS, type JiraSettings, type JiraTuning } from './settings.js';

/** What we use of the request options that `jira-client` builds. */
const RequestOptions = z.object({ method: z.string(), uri: z.string(), body: z.unknown().optional() });

/** One request to Jira. Never rejects for what Jira or the network does. */
export type JiraTransport = (options: unknown) => Promise<JiraAnswer>;

/** A file to upload in place of a JSON body. */
export class Upload {
  constructor(readonly form: FormData) {}
}

/** Longer absences are Jira's mistake or not worth obeying: a person may retry earlier. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Transport of our own in place of the one `jira-client` brings, which follows redirects to login pages, has no
 * time-out and loses status and headers (range.md 3). The credentials go to the configured origin only.
 */
export function createTransport(settings: JiraSettings, tuning: JiraTuning = {}): JiraTransport {
  const { fetch: doFetch = fetch, nowMs = Date.now, requestMs = REQUEST_MS } = tuning;
  const { origin } = new URL(settings.url);
  const authorization = `Basic ${Buffer.from(`${settings.email}:${settings.token}`).toString('base64')}`;

  return async (options) => {
    const { method, uri, body } = RequestOptions.parse(options);
    const url = new URL(uri);
    if (url.origin !== origin) throw new Error('a Jira request would leave the configured address');
    const signal = AbortSignal.timeout(requestMs);
    try {
      // `manual` keeps a redirect as an answer with a status; it is never followed, so no login page can pass for success.
      const response = await doFetch(url, { method, headers: headersFor(body), redirect: 'manual', signal, ...bodyOf(body) });
      const text = await response.text();
      return { outcome: 'answered', status: response.status, ...retryAfter(response.headers, nowMs()), ...contentOf(text) };
    } catch {
      return { outcome: 'none', why: signal.aborted ? 'time-out' : 'connection' };
    }
  };

  function headersFor(body: unknown): Record<string, string> {
    const common = { authorization, accept: 'application/json' };
    if (body === undefined) return common;
    // Jira blocks uploads without this header (OpenAPI, addAttachment); the multipart type comes with its boundary from fetch.
    if (body instanceof Upload) return { ...common, 'x-atlassian-token': 'no-check' };
    return { ...common, 'content-type': 'application/json' };
  }
}

function bodyOf(body: unknown): { body?: string | FormData } {
  if (body === undefined) return {};
  return { body: body instanceof Upload ? body.form : JSON.stringify(body) };
}

function contentOf(text: string): { content: 'empty' | 'json' | 'other'; body: unknown } {
  if (text === '') return { content: 'empty', body: undefined };
  try {
    const body: unknown = JSON.parse(text);
    return { content: 'json', body };
  } catch {
    return { content: 'other', body: undefined };
  }
}

/**
 * `Retry-After` in seconds or as a date (RFC 9110 10.2.3), else `X-RateLimit-Reset` as an ISO date
 * (developer.atlassian.com/cloud/jira/platform/rate-limiting).
 */
function retryAfter(headers: Headers, nowMs: number): { retryAfterMs?: number } {
  const given = headers.get('retry-after') ?? headers.get('x-ratelimit-reset');
  if (given === null) return {};
  const ms = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - nowMs;
  return Number.isFinite(ms) ? { retryAfterMs: Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS) } : {};
}
