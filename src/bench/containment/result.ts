import type { Job } from './grid.js';

/** What one run came to. Times are seconds after the first alert; absent where it never came to that. */
export interface RunVerdict {
  /** No way in works any more, by the range's own evaluation. */
  readonly contained: boolean;
  readonly survivors: readonly string[];
  /** Claims of *proven* that the range's ledger contradicts. */
  readonly falseClaims: readonly string[];
  /** What still worked although everything in scope was proven: never found. */
  readonly missed: readonly string[];
  /** Writes on principals that are neither the intruder's nor the one it took over. */
  readonly wrongTargets: readonly string[];
  /** Successful calls of the intruder after the first principal's effectiveFrom. */
  readonly successesAfter: number;
  readonly appliedSeconds?: number;
  readonly effectiveSeconds?: number;
  readonly provenSeconds?: number;
  readonly principals: number;
  readonly proven: number;
  /** Calls of ours. */
  readonly calls: number;
  readonly escalated: boolean;
  readonly virtualSeconds: number;
  /** For a person: what was left, what AWS refused, what failed. */
  readonly notes: readonly string[];
}

export type CellResult = RunVerdict & Job & { readonly name: string; readonly realSeconds: number };
