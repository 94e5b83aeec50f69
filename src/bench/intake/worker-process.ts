import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Env } from '../../config/env.js';
import type { AwsKeys } from '../../worker/aws-identities.js';
import { startWorkers } from '../../worker/run-workers.js';

/** Workers in a process of their own, so that they can be killed. */
export interface WorkerProcess {
  /** SIGKILL: nothing is finished, nothing is said. Resolves when the process is gone. */
  kill(): Promise<void>;
}

/** What the process is told. */
export interface WorkerOrder {
  readonly env: Env;
  readonly awsCredentials: AwsKeys;
}

/** Starts the workers of this program in a process of their own and waits until they poll. @throws Error when the process ends instead */
export async function startWorkerProcess(program: string, order: WorkerOrder): Promise<WorkerProcess> {
  const child = fork(new URL(program), [WORKER_FLAG], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send(order);
  await Promise.race([once(child, 'message'), endedEarly(child)]);
  return {
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** How the program is called as the process. */
export const WORKER_FLAG = '--worker';

/** What the process does: works until it is killed. */
export async function workAlone(): Promise<void> {
  process.once('message', (order: WorkerOrder) => {
    startWorkers({ ...order, print: () => undefined, schedule: false }).then(
      () => process.send?.('ready'),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exitCode = 1;
        process.disconnect();
      },
    );
  });
}

async function endedEarly(child: ChildProcess): Promise<never> {
  const ended: Promise<unknown[]> = once(child, 'exit');
  const [code] = await ended;
  throw new Error(`the workers ended before they polled, code ${String(code)}`);
}
