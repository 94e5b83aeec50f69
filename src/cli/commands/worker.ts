import { InvalidArgumentError, type Command } from 'commander';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { QUEUE_NAMES, type QueueName } from '../../worker/queues.js';

/** Runs the workers in this process until SIGINT or SIGTERM. */
export function workerCommand(context: CliContext): Command {
  return command('worker', 'run the workers until Ctrl-C', 'tourniquet worker --queues main,lookup')
    .option('--queues <names>', `which of ${QUEUE_NAMES.join(', ')}; each may run in a process of its own`, queues, [...QUEUE_NAMES])
    .action(async (options: { queues: QueueName[] }) => {
      // Loaded on demand: the worker's native library would slow down every other command.
      const { runWorkers } = await import('../../worker/run-workers.js');
      await runWorkers({ env: context.env(), queues: options.queues, onReady: (line) => context.output.line(line) });
    });
}

function queues(text: string): QueueName[] {
  return text.split(',').map((name) => {
    const found = QUEUE_NAMES.find((queue) => queue === name.trim());
    if (found === undefined) throw new InvalidArgumentError(`there are ${QUEUE_NAMES.join(', ')}`);
    return found;
  });
}
