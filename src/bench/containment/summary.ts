import { append } from '../../domain/lineage/values.js';
import { cellName } from './grid.js';
import type { CellResult } from './result.js';

/** One cell over its seeds, as other tools read it. */
export interface CellLine {
  readonly principal: string;
  readonly attacker: string;
  readonly propagationSeconds: number;
  readonly setting: string;
  readonly runs: number;
  /** Share of the runs. */
  readonly contained: number;
  readonly survivors: readonly string[];
  readonly missed: number;
  readonly successesAfterEffective: number;
  /** Medians, seconds after the first alert; null where no run came to it. */
  readonly appliedSeconds: number | null;
  readonly effectiveSeconds: number | null;
  readonly provenSeconds: number | null;
  readonly provenShare: number;
  readonly apiCalls: number;
}

/** What the bench ends with. The line is a fixed interface. */
export interface Summary {
  readonly cells: readonly CellLine[];
  readonly passed: boolean;
  readonly line: {
    readonly cells: readonly CellLine[];
    readonly guardedContained: number;
    readonly standaloneContained: number;
    readonly falseClaims: number;
    readonly wrongTargets: number;
    readonly sabotageCaught: boolean;
  };
}

/** Gathers runs into cells and says what holds. */
export function summarize(results: readonly CellResult[]): Summary {
  const honest = results.filter(({ sabotage }) => sabotage === undefined);
  const sabotage = results.filter((one) => one.sabotage !== undefined);
  const byCell = new Map<string, CellResult[]>();
  for (const result of honest) append(byCell, cellName(result.cell), result);
  const cells = [...byCell.values()].map(cellLine);
  const shareOf = (setting: string): number => share(honest.filter(({ cell }) => cell.setting === setting));
  const line = {
    cells,
    guardedContained: shareOf('organization'),
    standaloneContained: shareOf('standalone'),
    falseClaims: results.reduce((sum, { falseClaims }) => sum + falseClaims.length, 0),
    wrongTargets: results.reduce((sum, { wrongTargets }) => sum + wrongTargets.length, 0),
    sabotageCaught: sabotage.length > 0 && sabotage.every(({ contained, proven }) => !contained && proven === 0),
  };
  const passed = line.guardedContained === 1 && line.falseClaims === 0 && line.wrongTargets === 0 && line.sabotageCaught;
  return { cells, line, passed };
}

function cellLine(runs: readonly CellResult[]): CellLine {
  const [first] = runs;
  if (first === undefined) throw new Error('a cell without runs');
  const { theft, attacker, propagationSeconds, setting } = first.cell;
  return {
    principal: theft,
    attacker,
    propagationSeconds,
    setting,
    runs: runs.length,
    contained: share(runs),
    survivors: [...new Set(runs.flatMap(({ survivors }) => survivors))].slice(0, 5),
    missed: runs.reduce((sum, { missed }) => sum + missed.length, 0),
    successesAfterEffective: runs.reduce((sum, { successesAfter }) => sum + successesAfter, 0),
    appliedSeconds: median(runs.map(({ appliedSeconds }) => appliedSeconds)),
    effectiveSeconds: median(runs.map(({ effectiveSeconds }) => effectiveSeconds)),
    provenSeconds: median(runs.map(({ provenSeconds }) => provenSeconds)),
    provenShare: runs.filter(({ provenSeconds }) => provenSeconds !== undefined).length / runs.length,
    apiCalls: median(runs.map(({ calls }) => calls)) ?? 0,
  };
}

function share(runs: readonly CellResult[]): number {
  return runs.length === 0 ? 1 : runs.filter(({ contained }) => contained).length / runs.length;
}

function median(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const middle = known[Math.floor((known.length - 1) / 2)];
  return middle === undefined ? null : Math.round(middle * 10) / 10;
}
