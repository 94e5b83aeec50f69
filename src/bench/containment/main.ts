import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { Command } from 'commander';
import { type Job, jobsOf } from './grid.js';
import { playJobs, type Player } from './play-jobs.js';
import type { CellResult } from './result.js';
import { runJob } from './run-job.js';
import { summarize } from './summary.js';
import { printTable } from './table.js';

/** `bench:containment`: every kind of principal against every attacker, on the virtual clock. */
const program = new Command('bench:containment')
  .description('contain every kind of principal against attackers that fight back; seeded, on a virtual clock')
  .option('--quick', 'a few cells, one seed')
  .option('--json', 'end with one line of JSON')
  .option('--only <text>', 'only cells whose name contains this')
  .option('--seeds <n>', 'seeds a cell, 1 to 5')
  .action(async (options: { quick?: boolean; json?: boolean; only?: string; seeds?: string }) => {
    const { only = '', seeds = '5' } = options;
    const jobs = jobsOf({ quick: options.quick === true, only, seeds: Number(seeds) });
    const results = await playJobs(jobs, { players: Math.max(1, Math.min(2, cpus().length)), hire, onResult: progress(jobs.length) });
    const summary = summarize(results);
    printTable(results, summary, (line) => void process.stdout.write(`${line}\n`));
    if (options.json === true) process.stdout.write(`${JSON.stringify(summary.line)}\n`);
    process.exitCode = summary.passed ? 0 : 1;
  });

/** A process of its own: the runs are bound by the processor. */
function hire(): Player {
  const child = fork(new URL(import.meta.url), ['--player'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    play: async (job) => {
      const over = new AbortController();
      child.send(job);
      try {
        const [answer] = await Promise.race([once(child, 'message', over), once(child, 'exit', over).then(endedEarly)]);
        return resultOf(answer);
      } finally {
        over.abort();
      }
    },
    dismiss: () => void child.kill(),
  };
}

function endedEarly([code]: unknown[]): never {
  throw new Error(`a player ended with ${String(code ?? 'a signal')}`);
}

function resultOf({ result, error }: { result?: CellResult; error?: string }): CellResult {
  if (result === undefined) throw new Error(error ?? 'the player gave no answer');
  return result;
}

function progress(total: number): (result: CellResult) => void {
  let done = 0;
  return ({ name, seed, contained, realSeconds }) => {
    done += 1;
    process.stderr.write(`${done}/${total} ${name} #${seed}: ${contained ? 'contained' : 'NOT contained'} (${realSeconds.toFixed(1)} s)\n`);
  };
}

async function playAlone(): Promise<void> {
  process.on('message', (job: Job) => {
    runJob(job).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

await (process.argv.includes('--player') ? playAlone() : program.parseAsync());
