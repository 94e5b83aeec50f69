import JiraApi from 'jira-client';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { permanent, transient } from '../../../contracts/failures.js';
import { JiraAnswer } from './answer.js';
import { jiraFailure, type JiraCall } from './classify-jira-error.js';
import { LATE_MS, SETTLE_MS, type JiraSettings, type JiraTuning } from './settings.js';
import { createTransport } from './transport.js';

/** Everything the parts of the adapter share. */
export interface JiraClient {
  readonly settings: JiraSettings;
  readonly api: JiraApi;
  /** For what `jira-client` does not offer or gets wrong: a path below `/rest/api/3`, with its method and body. */
  readonly send: (request: { method: string; path: string; body: unknown }) => Promise<unknown>;
  /** Awaits an answer, turns a failed one into its failure and checks a good one against its schema. */
  readonly read: <S extends z.ZodType>(call: JiraCall, answer: Promise<unknown>, schema: S) => Promise<z.output<S>>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly settleMs: number;
  readonly lateMs: number;
  readonly browse: (key: string) => string;
}

/**
 * `jira-client` on our own transport. Its defaults are plain HTTP and API version 2: both are set here.
 *
 * @throws Error: the address is neither HTTPS nor this machine.
 */
export function createJiraClient(settings: JiraSettings, tuning: JiraTuning = {}): JiraClient {
  const url = new URL(settings.url);
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !local) throw new Error('the Jira address must begin with https://');
  const transport = createTransport(settings, tuning);
  const base = url.pathname.replace(/\/+$/, '');
  const api = new JiraApi({
    protocol: url.protocol.slice(0, -1),
    host: url.hostname,
    ...(url.port === '' ? {} : { port: url.port }),
    base,
    apiVersion: '3',
    request: transport,
  });
  return {
    settings,
    api,
    send: ({ method, path, body }) => transport({ method, uri: `${url.origin}${base}/rest/api/3${path}`, body }),
    read,
    sleep: tuning.sleep ?? ((ms) => delay(ms)),
    settleMs: tuning.settleMs ?? SETTLE_MS,
    lateMs: tuning.lateMs ?? LATE_MS,
    browse: (key) => `${url.origin}${base}/browse/${key}`,
  };
}

async function read<S extends z.ZodType>(call: JiraCall, answer: Promise<unknown>, schema: S): Promise<z.output<S>> {
  const known = JiraAnswer.parse(await answer);
  const failure = jiraFailure(call, known);
  if (failure !== undefined) throw failure;
  const reply = schema.safeParse(known.outcome === 'answered' ? known.body : undefined);
  if (reply.success) return reply.data;
  // It may have taken effect: transient, so that the next attempt looks first.
  throw transient('UpstreamUnavailable', `Jira, ${call.what}: the reply is not what the API describes`);
}

/**
 * A path with a query for `genericGet`. `jira-client` decodes the whole address once, so values are encoded twice:
 * otherwise a `&` or `+` in one would change the query.
 */
export function withQuery(path: string, query: readonly (readonly [string, string])[]): string {
  return `${path}?${query.map(([name, value]) => `${name}=${encodeURIComponent(encodeURIComponent(value))}`).join('&')}`;
}

/**
 * An issue key that is one: keys go into paths.
 *
 * @throws InvalidPayload, permanent.
 */
export function issueKey(key: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]*-\d+$/.test(key)) return key;
  throw permanent('InvalidPayload', 'the ticket key is not a Jira issue key');
}

/**
 * An id of ours that may stand in JQL, in a label and in a property.
 *
 * @throws InvalidPayload, permanent.
 */
export function plainId(id: string): string {
  if (/^[A-Za-z0-9][\w.:-]{0,199}$/.test(id)) return id;
  throw permanent('InvalidPayload', 'the id has characters that Jira takes as part of a query');
}
