import { loadEnv } from '../config/env.js';
import { connectClient } from '../config/temporal.js';
import { registerSearchAttributes } from './register-search-attributes.js';
import { startDevServer, type DevServerOptions } from './start-dev-server.js';

/** A server to work with; `pid` and `uiUrl` only when it is ours. */
export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** `TEMPORAL_ADDRESS` when set (its server is never stopped by us), else an embedded dev server. */
export async function useOrStartServer(options: DevServerOptions): Promise<TemporalServer> {
  const env = loadEnv();
  if (env.temporalAddress === undefined) return startDevServer(options);
  const { connection, namespace } = await connectClient({ identity: env.identity, namespace: options.namespace });
  try {
    await registerSearchAttributes(connection, namespace, options.searchAttributes);
  } finally {
    await connection.close();
  }
  return { address: env.temporalAddress, namespace, uiUrl: undefined, pid: undefined, stop: () => Promise.resolve() };
}
