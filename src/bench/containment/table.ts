import { tableLines } from '../../cli/output.js';
import type { CellResult } from './result.js';
import type { CellLine, Summary } from './summary.js';

const HEAD = [
  'setting',
  'principal',
  'attacker',
  'lag',
  'contained',
  'proven',
  'applied',
  'effective',
  'proven at',
  'got through',
  'API calls',
];

/** Prints the cells, what went wrong, and the figures that count. */
export function printTable(results: readonly CellResult[], { cells, line }: Summary, print: (line: string) => void): void {
  for (const row of tableLines([HEAD, ...cells.map(rowOf)])) print(row);
  print('');
  for (const { name, seed, survivors, sabotage } of results)
    if (sabotage === undefined && survivors.length > 0) print(`survives: ${name} #${seed}: ${survivors.slice(0, 3).join('; ')}`);
  for (const { name, seed, falseClaims, wrongTargets } of results)
    for (const text of [...falseClaims.map((one) => `FALSE CLAIM ${one}`), ...wrongTargets.map((one) => `WRONG TARGET ${one}`)])
      print(`${name} #${seed}: ${text}`);
  for (const { sabotage, contained, proven } of results)
    if (sabotage !== undefined) print(`sabotage ${sabotage}: ${contained || proven > 0 ? 'NOT CAUGHT' : 'comes out as not contained'}`);
  print('');
  print(`with the SCP guard contained ${percent(line.guardedContained)}, standalone ${percent(line.standaloneContained)}`);
  print(`false claims of proven ${line.falseClaims}, wrong targets ${line.wrongTargets}`);
}

function rowOf(cell: CellLine): string[] {
  const at = (value: number | null): string => (value === null ? '-' : `${value} s`);
  return [
    cell.setting,
    cell.principal,
    cell.attacker,
    `${cell.propagationSeconds} s`,
    percent(cell.contained),
    percent(cell.provenShare),
    at(cell.appliedSeconds),
    at(cell.effectiveSeconds),
    at(cell.provenSeconds),
    String(cell.successesAfterEffective),
    String(cell.apiCalls),
  ];
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
