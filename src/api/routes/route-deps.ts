import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../api-deps.js';
import type { ApiMetrics } from '../api-metrics.js';
import type { Authenticate } from '../auth/people.js';
import type { Caller, Permission } from '../auth/roles.js';
import { unauthorized, unavailable } from '../problem.js';

/** What every route gets. */
export interface RouteDeps {
  readonly api: ApiDeps;
  readonly metrics: ApiMetrics;
  readonly authenticate: Authenticate;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be allowed. Left out: anybody, or the route judges itself. */
    readonly permission?: Permission;
  }

  interface FastifyRequest {
    /** Set before a handler of a route with a permission runs. */
    caller: Caller | null;
  }
}

/** Temporal's first answer is due by then; a caller rather tries again than waits. */
const TEMPORAL_WITHIN_MS = 5_000;
/** The deadline of gRPC does not cover making the connection. */
const GIVE_UP_MS = 8_000;

/** Asks Temporal, bounded. @throws whatever the client throws, and Problem 503 when nothing comes. */
export async function askTemporal<T>(
  { session }: Pick<ApiDeps, 'session'>,
  work: () => Promise<T>,
  withinMs = TEMPORAL_WITHIN_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('Temporal does not answer')), withinMs + GIVE_UP_MS - TEMPORAL_WITHIN_MS);
  });
  try {
    return await Promise.race([session.connection.withDeadline(Date.now() + withinMs, work), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Who calls. @throws Problem 401: a route that asks has named no permission. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw unauthorized('authorization: expected Bearer and a token');
  return caller;
}
