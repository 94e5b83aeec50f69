import { cpus } from 'node:os';
import { Command } from 'commander';
import { jobsOf } from './grid.js';
import { playJobs } from './play-jobs.js';
import { hireProcess, playAlone } from './process-player.js';
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
    const results = await playJobs(jobs, {
      players: Math.max(1, Math.min(2, cpus().length)),
      hire: () => hireProcess(import.meta.url),
      onResult: progress(jobs.length),
    });
    const summary = summarize(results);
    printTable(results, summary, (line) => void process.stdout.write(`${line}\n`));
    if (options.json === true) process.stdout.write(`${JSON.stringify(summary.line)}\n`);
    process.exitCode = summary.passed ? 0 : 1;
  });

function progress(total: number): (result: CellResult) => void {
  let done = 0;
  return ({ name, seed, contained, realSeconds }) => {
    done += 1;
    process.stderr.write(`${done}/${total} ${name} #${seed}: ${contained ? 'contained' : 'NOT contained'} (${realSeconds.toFixed(1)} s)\n`);
  };
}

await (process.argv.includes('--player') ? playAlone(runJob) : program.parseAsync());
