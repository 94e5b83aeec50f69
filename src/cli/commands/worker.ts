import { InvalidArgumentError, type Command } from 'commander';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import type { DevServer } from '../../temporal-server/index.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { QUEUE_NAMES, type QueueName } from '../../worker/queues.js';

/** Runs the workers in this process until SIGINT or SIGTERM. */
export function workerCommand(context: CliContext): Command {
  return command('worker', 'run the workers until Ctrl-C', 'tourniquet worker --queues main,lookup')
    .option('--queues <names>', `which of ${QUEUE_NAMES.join(', ')}; each may run in a process of its own`, queues, [...QUEUE_NAMES])
    .option(
      '--embedded',
      'also run a Temporal server with UI, its data in a file of the data folder: for one machine, without a server of your own',
    )
    .action(async (options: { queues: QueueName[]; embedded?: true }) => {
      // Loaded on demand: the worker's native library would slow down every other command.
      const { runWorkers } = await import('../../worker/run-workers.js');
      const env = context.env();
      const server = options.embedded ? await embeddedServer(context, env.dataDir) : undefined;
      try {
        await runWorkers({
          env: { ...env, temporalAddress: server?.address ?? env.temporalAddress },
          queues: options.queues,
          onReady: (line) => context.output.line(line),
        });
      } finally {
        await server?.stop();
      }
    });
}

/** Temporal's usual ports, so that every other command finds it without a setting. */
const EMBEDDED_PORTS = { port: 7233, uiPort: 8233 };

async function embeddedServer({ output }: CliContext, dataDir: string): Promise<DevServer> {
  const { startDevServer } = await import('../../temporal-server/index.js');
  const searchAttributes = Object.values(SEARCH_ATTRIBUTES);
  const server = await startDevServer({ dataDir, ...EMBEDDED_PORTS, searchAttributes, onProgress: (text) => output.line(text) });
  output.line(`Temporal at ${server.address}, UI at ${server.uiUrl}`);
  return server;
}

function queues(text: string): QueueName[] {
  return text.split(',').map((name) => {
    const found = QUEUE_NAMES.find((queue) => queue === name.trim());
    if (found === undefined) throw new InvalidArgumentError(`there are ${QUEUE_NAMES.join(', ')}`);
    return found;
  });
}
