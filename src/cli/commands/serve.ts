import { InvalidArgumentError, type Command } from 'commander';
import { command } from '../command.js';
import type { CliContext } from '../context.js';

const DEFAULT_PORT = 8_480;

/** Runs the HTTP API in this process until SIGINT or SIGTERM. */
export function serveCommand(context: CliContext): Command {
  return command(
    'serve',
    'run the HTTP API until Ctrl-C; who may call it is in callers.yaml',
    'tourniquet serve --host 0.0.0.0 --port 8480',
  )
    .option('--host <address>', 'address to listen on; behind a proxy that ends TLS when it is not this machine', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', portOf, DEFAULT_PORT)
    .action((options: { host: string; port: number }) => serve(context, options));
}

async function serve(context: CliContext, options: { host: string; port: number }): Promise<void> {
  // Loaded on demand: no other command needs a server.
  const [{ createApiServer }, { listen }, { createApiDeps }, { lazyClient }, { createLogger }] = await Promise.all([
    import('../../api/server.js'),
    import('../../api/listen.js'),
    import('../api-dependencies.js'),
    import('../../config/temporal.js'),
    import('../../telemetry/logger.js'),
  ]);
  const env = context.env();
  const session = lazyClient({ identity: env.identity, address: env.temporalAddress });
  const logger = createLogger(env.logLevel);
  try {
    const server = await listen(await createApiServer(await createApiDeps({ env, session, logger })), options);
    context.output.line(`API at ${server.url}, its document at ${server.url}/openapi.json`);
    await untilStopped();
    await server.stop();
  } finally {
    await session.connection.close();
  }
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('a port from 0 to 65535 is needed');
  return Number(text);
}
