import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Job } from './grid.js';
import type { Player } from './play-jobs.js';
import type { CellResult } from './result.js';

/** A player in a process of its own, by the program that hires it: the runs are bound by the processor. */
export function hireProcess(program: string): Player {
  const child = fork(new URL(program), ['--player'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    play: async (job) => {
      const over = new AbortController();
      child.send(job);
      try {
        const answered: Promise<unknown[]> = once(child, 'message', over);
        const [answer] = await Promise.race([answered, once(child, 'exit', over).then(endedEarly)]);
        return resultOf(answer);
      } finally {
        over.abort();
      }
    },
    dismiss: () => void child.kill(),
  };
}

function endedEarly([code]: unknown[]): never {
  throw new Error(`a player ended with ${typeof code === 'number' ? `code ${code}` : 'a signal'}`);
}

interface Answer {
  readonly result?: CellResult;
  readonly error?: string;
}

/** Our own process on the other side: an object is one of `playAlone`. */
function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}

function resultOf(answer: unknown): CellResult {
  const { result, error = 'the player gave no answer' } = isAnswer(answer) ? answer : {};
  if (result === undefined) throw new Error(error);
  return result;
}

/** What the hired process does: one job after the other, until it is dismissed. */
export async function playAlone(run: (job: Job) => Promise<CellResult>): Promise<void> {
  process.on('message', (job: Job) => {
    run(job).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
