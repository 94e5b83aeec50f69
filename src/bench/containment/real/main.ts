import { Command } from 'commander';
import { tableLines } from '../../../cli/output.js';
import { cellName } from '../grid.js';
import { playJobs } from '../play-jobs.js';
import { hireProcess, playAlone } from '../process-player.js';
import type { CellResult } from '../result.js';
import { REAL_CELLS } from './cells.js';
import { playCell } from './play-cell.js';

const HEAD = [
  'principal',
  'attacker',
  'lag',
  'contained',
  'principals',
  'proven',
  'applied',
  'effective',
  'proven at',
  'got through',
  'took',
];

/** `bench:containment:real`: cells of the bench through a real Temporal server, real workers and HTTP, in real time. */
const program = new Command('bench:containment:real')
  .description('contain every kind of principal through the whole product, in real time; about a minute a cell')
  .option('--json', 'end with one line of JSON')
  .option('--only <text>', 'only cells whose name contains this')
  .option('--seed <n>', 'seed of everything random', '1')
  .option('--at-once <n>', 'cells side by side, each in a process of its own', '1')
  .action(async (options: { json?: boolean; only?: string; seed: string; atOnce: string }) => {
    const wanted = REAL_CELLS.filter((cell) => cellName(cell).includes(options.only ?? ''));
    const jobs = wanted.map((cell) => ({ cell, seed: Number(options.seed) }));
    const hire = (): ReturnType<typeof hireProcess> => hireProcess(import.meta.url);
    const results = await playJobs(jobs, { players: Math.max(1, Number(options.atOnce)), hire, onResult: report });
    for (const line of [...tableLines([HEAD, ...results.map(rowOf)]), '', ...results.flatMap(troubles)]) print(line);
    if (options.json === true) print(JSON.stringify({ cells: results.map(lineOf) }));
    process.exitCode = results.every(({ contained, falseClaims }) => contained && falseClaims.length === 0) ? 0 : 1;
  });

function report({ name, contained, realSeconds }: CellResult): void {
  process.stderr.write(`${name}: ${contained ? 'contained' : 'NOT contained'} (${realSeconds.toFixed(0)} s)\n`);
}

function rowOf(result: CellResult): string[] {
  const { cell, contained, principals, proven, appliedSeconds, effectiveSeconds, provenSeconds, successesAfter, realSeconds } = result;
  const at = (seconds: number | undefined): string => (seconds === undefined ? '-' : `${seconds.toFixed(1)} s`);
  return [
    cell.theft,
    cell.attacker,
    `${cell.propagationSeconds} s`,
    contained ? 'yes' : 'NO',
    String(principals),
    String(proven),
    at(appliedSeconds),
    at(effectiveSeconds),
    at(provenSeconds),
    String(successesAfter),
    at(realSeconds),
  ];
}

function troubles({ name, survivors, falseClaims, wrongTargets, notes }: CellResult): string[] {
  return [
    ...survivors.map((text) => `${name}: survives: ${text}`),
    ...falseClaims.map((text) => `${name}: FALSE CLAIM ${text}`),
    ...wrongTargets.map((text) => `${name}: WRONG TARGET ${text}`),
    ...notes.map((text) => `${name}: ${text}`),
  ];
}

/** A cell as other tools read it: a fixed interface. */
function lineOf({ cell, contained, survivors, falseClaims, appliedSeconds, provenSeconds }: CellResult): object {
  return {
    principal: cell.theft,
    attacker: cell.attacker,
    propagationSeconds: cell.propagationSeconds,
    setting: cell.setting,
    contained,
    survivors,
    falseClaims,
    appliedSeconds: appliedSeconds ?? null,
    provenSeconds: provenSeconds ?? null,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await (process.argv.includes('--player') ? playAlone(playCell) : program.parseAsync());
