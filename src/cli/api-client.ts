import type { z } from 'zod';
import { ProblemAnswer } from '../contracts/api.js';
import { CliError, EXIT } from './cli-error.js';
import type { CliContext } from './context.js';

/** Longer than the longest wait for an outcome (90 s). */
const ANSWER_WITHIN_MS = 110_000;

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** What the server says beside the answer. */
  readonly note: string | undefined;
}

/** The HTTP API as commands use it. */
export interface ApiClient {
  /** @throws CliError that says what to do: no server, a token that is not accepted, something missing. */
  get(path: string): Promise<Answered>;
  /** `body` is sent as it is when it is a string. A 409 is an answer: the act was refused. */
  post(path: string, body: unknown): Promise<Answered>;
}

/** The API of TOURNIQUET_URL; undefined where commands speak to Temporal themselves. */
export function apiOf(context: CliContext): ApiClient | undefined {
  const { api } = context.env();
  return api === undefined ? undefined : createApiClient(api);
}

/** Speaks to one server with one token. Redirects are refused: the token goes to no other host. */
export function createApiClient({ url, token }: { readonly url: string; readonly token: string }): ApiClient {
  async function send(method: 'GET' | 'POST', path: string, body?: string): Promise<Answered> {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      throw new CliError(`no API answers at ${url} (${whyOf(error)}): is TOURNIQUET_URL right, does \`tourniquet serve\` run?`);
    });
    const answer = { status: response.status, text: await response.text(), note: response.headers.get('x-tourniquet-note') ?? undefined };
    if (response.ok || (response.status === 409 && method === 'POST')) return answer;
    throw errorOf(answer, { url, retryAfter: response.headers.get('retry-after') });
  }

  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, typeof body === 'string' ? body : JSON.stringify(body)),
  };
}

/** Reads an answer. @throws CliError: what answers is not this version's API. */
export function readAnswer<S extends z.ZodType>(schema: S, { text }: Answered): z.output<S> {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new CliError('the API answers something else than expected: is it of the same version as this command?');
}

function errorOf({ status, text }: Answered, { url, retryAfter }: { url: string; retryAfter: string | null }): CliError {
  const problem = ProblemAnswer.safeParse(jsonOf(text));
  if (!problem.success) return new CliError(`what answers at ${url} is not Tourniquet's API (HTTP ${status}): is TOURNIQUET_URL right?`);
  const { error } = problem.data;
  switch (status) {
    case 400:
    case 413:
      return new CliError(error, EXIT.usage);
    case 401:
      return new CliError(`the API does not accept TOURNIQUET_TOKEN: ${error}`);
    case 403:
      return new CliError(`not allowed: ${error}`);
    case 503:
      return new CliError(`the API cannot do this now: ${error}${retryAfter === null ? '' : `; try again in ${retryAfter} s`}`);
    default:
      return new CliError(error);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whyOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : 'no connection';
}
