import type { FastifyInstance } from 'fastify';

/** What is under way has this long to finish; a query waits for a worker for 20 s. */
const FINISH_WITHIN_MS = 25_000;
const SWEEP_EVERY_MS = 100;

export interface Listening {
  /** `http://127.0.0.1:8480`. */
  readonly url: string;
  /** Stops accepting, lets what is under way finish, cuts off what takes longer. */
  readonly stop: () => Promise<void>;
}

/** Starts to listen. Port 0 takes a free one. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<Listening> {
  const url = await app.listen({ host, port });
  return { url, stop: () => stop(app) };
}

async function stop(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS);
  // A connection that becomes idle only now would be kept for another request that nobody answers.
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_EVERY_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
}
